// What a trimmed and a Native AOT binary must do as the ordinary build does: see eng/publish-check.sh.
using System.Text.Json.Serialization;
using Heddle;

// Asked for by that word it relies on the runtime's startup hooks, which only an untrimmed program has.
if (args is not ["hooked"])
{
    WorkRegistry.Add<int, long>(Remote.Fibonacci);
    WorkRegistry.Add<Point, Point>(Remote.Mirror);
    WorkRegistry.Add<string>(Remote.Fail);
    WorkRegistry.Add<int>(Remote.ProcessId);
    WorkRegistry.Add<Basket>(Remote.Fill);
    WorkRegistry.Add<Basket, int>(Remote.Count);
    WorkRegistry.AddJson(Shapes.Default);
    ProcessExecutor.RunWorkerIfAsked();
}

return EventLoop.Run(MainAsync());

static async Coroutine<int> MainAsync()
{
    Console.WriteLine($"awaited: {await DoubledAsync(21)}");

    var sum = await TaskGroup.RunAsync(async group =>
    {
        var first = group.Start(DoubledAsync(1), "first");
        var second = group.Start(DoubledAsync(2), "second");
        return await first + await second;
    });
    Console.WriteLine($"group: {sum}");

    var (number, text) = await Coroutine.WhenAll(DoubledAsync(3), TextAsync());
    Console.WriteLine($"all: {number} {text}");

    var inTime = await CancelScope.MoveOnAfterAsync(
        TimeSpan.FromMilliseconds(5),
        async scope => await Coroutine.Delay(Timeout.InfiniteTimeSpan));
    Console.WriteLine($"in time: {inTime}");

    try
    {
        await Coroutine.Delay(Timeout.InfiniteTimeSpan).WithTimeout(TimeSpan.FromMilliseconds(5));
    }
    catch (TimeoutException)
    {
        Console.WriteLine("timed out");
    }

    try
    {
        await TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(FailAsync());
            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
        });
    }
    catch (AggregateException failures)
    {
        Console.WriteLine($"failed: {failures.InnerExceptions.Single().Message}");
    }

    Console.WriteLine($"pool: {await Task.Run(() => 7, CancellationToken.None)}");
    await ConverseAsync();
    await AskAsync();
    await StartAsync();
    await ComputeAsync(new ThreadExecutor());
    await ComputeAsync(new ProcessExecutor(new() { MaxWorkers = 2 }));
    return 0;
}

static async Coroutine StartAsync()
{
    var sorted = await Subprocess.RunAsync("sort", null, new() { StandardInput = SubprocessInput.Text("b\na\n") });
    Console.WriteLine($"child: {sorted.OutputText.ReplaceLineEndings(" ")}({sorted.Status})");

    // To write where nobody reads must not end this program.
    await using var deaf = Subprocess.Start("true", null, new() { StandardInput = SubprocessInput.Pipe });
    await deaf.WaitAsync();
    try
    {
        deaf.StandardInput.Write("anyone?");
        await deaf.StandardInput.FlushAsync();
    }
    catch (ConnectionException failure)
    {
        Console.WriteLine($"deaf: {failure.ErrorCode}");
    }

    var options = new EventLoopOptions { ProcessStarter = Heddle.LowLevel.ProcessStarters.Portable, HandleSignals = false };
    await using var other = new EventLoopThread(options);
    var said = await other.RunAsync(() => Subprocess.RunAsync("echo", ["portable"])).OrCanceled();
    Console.Write(said.OutputText);
}

static async Coroutine ConverseAsync()
{
    var means = new Generator<double, double?, int>(async co =>
    {
        var (sum, count) = (0.0, 0);
        while (await co.Yield(count == 0 ? 0 : sum / count) is { } x)
        {
            sum += x;
            count++;
        }

        return count;
    });
    var outer = new Generator<double, double?, string>(async co => $"{await co.YieldFrom(means)} numbers");
    outer.Prime();
    Console.WriteLine($"means: {outer.Send(1)} {outer.Send(2)} {outer.TrySend(null, out _)} {outer.Result}");

    var log = new ContextManager<string>(async co =>
    {
        try
        {
            await co.Yield("inside");
        }
        catch (InvalidDataException failure)
        {
            Console.WriteLine($"seen: {failure.Message}");
        }
    });
    log.Run(where => throw new InvalidDataException(where));

    var ticks = new AsyncGenerator<int>(async co =>
    {
        for (var i = 0; i < 3; i++)
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            await co.Yield(i);
        }
    });
    await foreach (var tick in ticks)
    {
        Console.WriteLine($"tick: {tick}");
    }
}

static async Coroutine AskAsync()
{
    await using var http = new LoopHttpClient(new() { BaseAddress = new("http://somewhere/"), Handler = new Echo() });
    var answer = await http.PostJsonAsync("echo", new Point(3, 4), Shapes.Default.Point);
    Console.WriteLine($"json: {await answer.ReadAsStringAsync()} {await answer.ReadAsJsonAsync(Shapes.Default.Point)}");

    var gate = new AsyncLock();
    var items = new AsyncQueue<string>(1);
    var producer = LoopTask.Start(async () =>
    {
        foreach (var item in new[] { "one", "two", "three" })
        {
            using (await gate.LockAsync())
            {
                await items.PutAsync(item);
            }
        }

        items.Shutdown();
    });
    await foreach (var item in items)
    {
        Console.WriteLine($"item: {item}, {gate.IsLocked}");
    }

    await producer;

    using var request = new HttpRequestMessage(HttpMethod.Put, "echo") { Content = new StringContent("one\ntwo") };
    await using var response = await http.StreamAsync(request);
    await foreach (var line in response.ReadLinesAsync())
    {
        Console.WriteLine($"line: {line}");
    }

    await using var network = new LoopHttpClient();
    try
    {
        // Port 1 is nobody's.
        await network.GetAsync("http://127.0.0.1:1/");
    }
    catch (LoopHttpException failure)
    {
        Console.WriteLine($"no answer: {failure.HttpRequestError}");
    }
}

static async Coroutine ComputeAsync(IExecutor made)
{
    await using var executor = made;
    Console.WriteLine($"{executor.Name}: {await executor.RunAsync(Remote.Fibonacci, 20)} {await executor.RunAsync(Remote.Mirror, new Point(1, 2))}");
    Console.WriteLine($"here: {await executor.RunAsync(Remote.ProcessId) == Environment.ProcessId}");
    await foreach (var number in executor.MapAsync(Remote.Fibonacci, Enumerable.Range(10, 3)))
    {
        Console.WriteLine($"mapped: {number}");
    }

    try
    {
        await executor.RunAsync(Remote.Fail, "over there");
    }
    catch (InvalidDataException failure)
    {
        Console.WriteLine($"failed: {failure.Message}");
    }

    if (executor is ProcessExecutor)
    {
        try
        {
            var captured = Environment.ProcessId;
            await executor.RunAsync(() => captured);
        }
        catch (NotPortableException)
        {
            Console.WriteLine("refused");
        }

        await RefuseAsync(executor.RunAsync(Remote.Fill));
        await RefuseAsync(executor.RunAsync(Remote.Count, new Basket { Label = new Marked { Text = "a", Mark = 1 } }));
        await RefuseAsync(executor.RunAsync(Remote.Count, new Basket { Prices = new(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 } }));
        Console.WriteLine($"whole: {await executor.RunAsync(Remote.Count, new Basket { Prices = { ["a"] = 1 }, Label = new() { Text = "b" } })}");
    }
}

static async Coroutine RefuseAsync<T>(Coroutine<T> call)
{
    try
    {
        Console.WriteLine($"arrived: {await call}");
    }
    catch (NotPortableException refusal)
    {
        Console.WriteLine(refusal.Message.Split(". ")[1].Split(':')[0]);
    }
}

static async Coroutine<int> DoubledAsync(int number)
{
    await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
    return number * 2;
}

static async Coroutine<string> TextAsync()
{
    await Coroutine.Yield();
    return "text";
}

static async Coroutine FailAsync()
{
    await Coroutine.Yield();
    throw new InvalidDataException("as asked");
}

internal sealed record Point(int X, int Y);

/// <summary>Its items cannot be set.</summary>
internal sealed class Basket
{
    public List<int> Items { get; } = [];

    public Dictionary<string, int> Prices { get; set; } = [];

    public Label? Label { get; set; }
}

internal class Label
{
    public string Text { get; set; } = "";
}

internal sealed class Marked : Label
{
    public int Mark { get; set; }
}

[JsonSerializable(typeof(Point))]
[JsonSerializable(typeof(Basket))]
internal sealed partial class Shapes : JsonSerializerContext;

/// <summary>Answers with the body of the request.</summary>
internal sealed class Echo : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => new() { Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken)) };
}

/// <summary>What goes to other processes.</summary>
internal static class Remote
{
    internal static long Fibonacci(int n) => n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);

    internal static Point Mirror(Point point) => new(point.Y, point.X);

    internal static void Fail(string message) => throw new InvalidDataException(message);

    internal static Basket Fill() => new() { Items = { 1, 2 } };

    internal static int Count(Basket basket) => basket.Items.Count + basket.Prices.Count;

    internal static int ProcessId() => Environment.ProcessId;
}
