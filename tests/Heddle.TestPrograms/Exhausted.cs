using Heddle.LowLevel;

namespace Heddle.TestPrograms;

/// <summary>Stops children when no descriptor is left, and prints how they ended.</summary>
internal static class Exhausted
{
    internal static int Run(string starter) => EventLoop.Run(
        async () =>
        {
            // All that is needed is used once before: to load code takes a descriptor, too.
            await FixedPool.StartAsync().OrCanceled();
            await StopBothAsync(static () => []);
            Console.WriteLine(await StopBothAsync(UseUp));
            return 0;
        },
        new() { ProcessStarter = starter == "native" ? ProcessStarters.Native : ProcessStarters.Portable });

    /// <summary>One that obeys, and one that has to be killed.</summary>
    private static async Coroutine<string> StopBothAsync(Func<List<IDisposable>> useUp)
    {
        await using var obedient = await StartAsync("echo; exec sleep 1000");
        await using var stubborn = await StartAsync("trap '' TERM; echo; exec sleep 1000");
        var held = useUp();
        try
        {
            var obeyed = await obedient.StopAsync();
            var killed = await stubborn.StopAsync(TimeSpan.Zero);
            return $"{obeyed.Code} {killed.Code}";
        }
        finally
        {
            held.ForEach(static one => one.Dispose());
        }
    }

    private static async Coroutine<Subprocess> StartAsync(string script)
    {
        var process = Subprocess.Start("sh", ["-c", script], new() { StandardOutput = SubprocessOutput.Pipe });
        await process.StandardOutput.ReadLineAsync();
        return process;
    }

    private static List<IDisposable> UseUp()
    {
        var held = new List<IDisposable>();
        try
        {
            while (true)
            {
                held.Add(File.OpenHandle("/dev/null"));
            }
        }
        catch (IOException)
        {
            return held;
        }
    }
}
