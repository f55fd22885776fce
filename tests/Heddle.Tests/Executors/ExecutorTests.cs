using Heddle.LowLevel;

namespace Heddle.Tests.Executors;

/// <summary>
/// The ground of tests of executors. They run on a loop with the real clock: threads and processes are not of the loop's world, so there is
/// nothing that virtual time could wait for. No test asserts on time; what it waits for says by a file that it is there.
/// </summary>
public abstract class ExecutorTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _signals = Directory.CreateTempSubdirectory("heddle-tests-");

    /// <summary>Where jobs say that they have begun, and are let go.</summary>
    protected string Signals => _signals.FullName;

    /// <summary>What the loop has reported. A test that expects some takes them out.</summary>
    protected List<LoopReport> Reports { get; } = [];

    public void Dispose()
    {
        if (_signals.Exists)
        {
            _signals.Delete(recursive: true);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Runs the body on a loop. Nothing may be left running or unreported.</summary>
    protected void Run(Func<Coroutine> body, IReadyQueue? queue = null)
    {
        EventLoop.Run(
            async () =>
            {
                await body().WithTimeout(s_patience);
                Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
                Assert.Equal(0, EventLoop.Current.ForeignWaits);
            },
            // How long something took in real time is the machine's affair.
            new() { HandleSignals = false, BlockingGrace = Timeout.InfiniteTimeSpan, OnReport = Reports.Add, ReadyQueue = queue is null ? null : () => queue });
        Assert.Equal([], Reports.Select(report => report.Message));
    }

    /// <summary>Waits until so many jobs have begun, and gives the processes that they run in.</summary>
    protected async Coroutine<int[]> BegunAsync(int count)
    {
        await UntilAsync(() => Directory.GetFiles(Signals, "begun.*").Length >= count);
        return [.. Directory.GetFiles(Signals, "begun.*").Select(file => int.Parse(Path.GetFileName(file).Split('.')[1]))];
    }

    protected void LetGo() => File.WriteAllText(Path.Combine(Signals, "go"), "");

    // A real wait: what happens in other threads and processes does not wake the loop.
    protected static async Coroutine UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(2));
        }
    }

    /// <summary>Waits until the process has ended.</summary>
    protected static Coroutine GoneAsync(int process) => UntilAsync(() => !ProcessTable.IsRunning(process));
}
