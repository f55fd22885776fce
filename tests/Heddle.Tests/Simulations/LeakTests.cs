using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>What makes a run another one than the same run before is named, at the first step that it makes another.</summary>
public class LeakTests
{
    private static readonly Dictionary<string, Func<long>> s_ofRuns = new()
    {
        ["DateTime.UtcNow"] = static () => DateTime.UtcNow.Ticks,
        ["DateTime.Now"] = static () => DateTime.Now.Ticks,
        ["DateTimeOffset.UtcNow"] = static () => DateTimeOffset.UtcNow.Ticks,
        ["Stopwatch"] = static () => Stopwatch.GetTimestamp(),
        ["TimeProvider.System"] = static () => TimeProvider.System.GetTimestamp(),
        ["Environment.TickCount64"] = static () => NextTick(),
        ["Random.Shared"] = static () => Random.Shared.Next(5),
        ["new Random()"] = static () => new Random().Next(5),
        ["RandomNumberGenerator"] = static () => RandomNumberGenerator.GetInt32(5),
        ["Guid.NewGuid"] = static () => Guid.NewGuid().ToByteArray()[0],
        ["Path.GetRandomFileName"] = static () => Path.GetRandomFileName()[0],
        ["hash codes of objects"] = static () => RuntimeHelpers.GetHashCode(new object()),
        ["order by the hash codes of objects"] = static () => FirstByHash(),
        ["numbers of .NET's tasks"] = static () => new Task(static () => { }).Id,
        ["numbers of ports"] = static () => FreePort(),
        ["what a run left over"] = static () => s_leftOver++,
    };

    private static readonly Dictionary<string, Func<Coroutine>> s_fromOutside = new()
    {
        ["Task.Run"] = static async () => await Task.Run(static () => { }).OrCanceled(),
        // Real: these waits are what a search has to refuse. So long that none is over before it is awaited, also on a busy machine.
        ["Task.Delay"] = static async () => await Task.Delay(100).OrCanceled(),
        ["a timer"] = static async () =>
        {
            var isDue = new TaskCompletionSource();
            await using var timer = new Timer(_ => isDue.TrySetResult(), null, 100, Timeout.Infinite);
            await isDue.Task.OrCanceled();
        },
        ["CancellationTokenSource"] = static async () =>
        {
            using var source = new CancellationTokenSource(1);

            // Real, too.
            await Task.Delay(Timeout.Infinite, source.Token).ContinueWith(static _ => { }, TaskScheduler.Default).OrCanceled();
        },
        ["a thread"] = static async () =>
        {
            var source = new CoroutineSource();
            var loop = EventLoop.Current;
            new Thread(() => loop.Post(source.SetResult)).Start();
            await source;
        },
        ["the pool"] = static async () =>
        {
            var source = new TaskCompletionSource();
            ThreadPool.QueueUserWorkItem(_ => source.SetResult());
            await source.Task.OrCanceled();
        },
        ["Parallel"] = static async () => await Parallel.ForAsync(0, 4, static (_, _) => ValueTask.CompletedTask).OrCanceled(),
        ["Task.Yield without a context"] = static async () => await Task.Run(static async () => await Task.Yield()).OrCanceled(),
        ["the resolver"] = static async () => await Dns.GetHostAddressesAsync("localhost").OrCanceled(),
        ["a socket"] = static async () =>
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var accepts = listener.AcceptTcpClientAsync();
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint).OrCanceled();
            (await accepts.OrCanceled()).Dispose();
        },
        ["a file"] = static async () => await File.ReadAllBytesAsync(typeof(LeakTests).Assembly.Location).OrCanceled(),
    };

    private static int s_leftOver;

    public static TheoryData<string> OfRuns => [.. s_ofRuns.Keys];

    public static TheoryData<string> FromOutside => [.. s_fromOutside.Keys];

    [Theory]
    [MemberData(nameof(OfRuns))]
    public void What_differs_from_run_to_run_is_named_at_the_first_step_with_its_task_and_method(string leak)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(() => LeakAsync(s_ofRuns[leak])));
        Assert.StartsWith("The program does not do the same when the same run is made again", failure.Message);
        Assert.Matches(@"The first difference: step \d+, at [\d:]+, is of main.*, in LeakTests\.\w+.* \(LeakTests\.cs:\d+\)", failure.Message);
        Assert.Equal(1, failure.Run);
    }

    [Theory]
    [MemberData(nameof(FromOutside))]
    public void What_comes_from_outside_is_refused_with_the_task_and_the_await_that_led_there(string leak)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.Explore(async () => await TaskGroup.RunAsync(async group =>
        {
            group.Start(s_fromOutside[leak], "leaver");
            await Coroutine.Delay(Expect.Second);
        })));
        Assert.StartsWith("The program is reached from outside of the simulation: ", failure.Message);
        Assert.Matches(@"seen first (while no task was ready|after a step of main(/leaver.*)?(, which is at await .*)?)\. ", failure.Message);
        Assert.Equal(1, failure.Run);
    }

    /// <summary>Within a process these are the same: the steps of two processes are compared, and part at a line that names task and method.</summary>
    [Theory]
    [InlineData("hash codes of strings", "", "")]
    [InlineData("HashCode", "", "")]
    [InlineData("process id", "", "")]
    [InlineData("number of processors", "DOTNET_PROCESSOR_COUNT", "1")]
    [InlineData("time zone", "TZ", "Asia/Tokyo")]
    public async Task What_differs_from_process_to_process_shows_in_the_steps_of_the_first_run(string leak, string variable, string value)
    {
        var (one, other) = (await OtherProcess.RunAsync(["simulation-leak", leak]), await OtherProcess.RunAsync(["simulation-leak", leak], (variable, value)));
        var difference = one.Zip(other).First(static lines => lines.First != lines.Second).Second;
        Assert.Matches(@"^[\d:.]+ main.*, from (the start of|await .* in) SimulatedShop\.\w+.* \(SimulatedShop\.cs:\d+\)", difference);
    }

    private static async Coroutine LeakAsync(Func<long> leak)
        => await TaskGroup.RunAsync(async group =>
        {
            for (var i = 0; i < 30; i++)
            {
                group.Start(StepsAsync(Spread(leak())));
                await Coroutine.Yield();
            }
        });

    /// <summary>Few steps, and others for the next number.</summary>
    private static int Spread(long value) => (int)(((ulong)value * 0x9E3779B97F4A7C15) >> 61);

    private static async Coroutine StepsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Coroutine.Yield();
        }
    }

    /// <summary>The next one: it goes up by milliseconds, and both runs might be over in one.</summary>
    private static long NextTick()
    {
        var tick = Environment.TickCount64;
        while (Environment.TickCount64 == tick)
        {
        }

        return Environment.TickCount64;
    }

    private static int FirstByHash()
        => new ConcurrentDictionary<object, int>(Enumerable.Range(0, 30).Select(static i => KeyValuePair.Create(new object(), i))).First().Value;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
