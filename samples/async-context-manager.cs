#:project ../src/Heddle/Heddle.csproj
// What `async with` is in Python, `await using` is here: DisposeAsync runs when the block is left, however that
// happens. Two things differ. Entering is a method that returns the object, since a constructor cannot await. And
// DisposeAsync does not see the exception: who needs it writes an AsyncContextManager.
using Heddle;

EventLoop.Run(async () =>
{
    await using (var file = await LoggedFile.EnterAsync("a.txt"))
    {
        Console.WriteLine($"reading {file.Name}");
    }

    try
    {
        await using var file = await LoggedFile.EnterAsync("b.txt");
        throw new IOException($"{file.Name} is broken");
    }
    catch (IOException error)
    {
        Console.WriteLine(error.Message);
    }

    await CancelScope.RunAsync(async scope =>
    {
        await using var file = await LoggedFile.EnterAsync("c.txt");
        scope.Cancel("enough read");
    });
});

sealed class LoggedFile : IAsyncDisposable
{
    private LoggedFile(string name) => Name = name;

    public string Name { get; }

    public static async Coroutine<LoggedFile> EnterAsync(string name)
    {
        await LogAsync($"entering {name}");
        return new LoggedFile(name);
    }

    // The shield: in a cancelled scope every await throws, and leaving must not be skipped.
    public ValueTask DisposeAsync() => CancelScope.ShieldAsync(() => LogAsync($"leaving {Name}")).AsValueTask();

    private static async Coroutine LogAsync(string text)
    {
        await Coroutine.Delay(TimeSpan.FromMilliseconds(5));
        Console.WriteLine($"[log] {text}");
    }
}
