using System.Diagnostics;
using System.Runtime.CompilerServices;
using Heddle;

namespace Heddle.TestPrograms;

/// <summary>What debug mode looks for. The tests run it with and without HEDDLE_DEBUG, and read its standard error.</summary>
internal static class Mistakes
{
    private static readonly AsyncLock s_gate = new();

    internal static int Make(string mistake)
    {
        if (mistake == "forgotten-in-generator")
        {
            ForgetInGenerator();
            return 0;
        }

        EventLoop.Run(mistake switch
        {
            "forgotten" => ForgetAsync,
            "forgotten-delay" => ForgetDelayAsync,
            "forgotten-lock" => ForgetLockAsync,
            "forgotten-again" => ForgetAgainAsync,
            "collected" => CollectAsync,
            "blocking" => BlockAsync,
            "cancel" => CancelAsync,
            "unobserved" => FailAsync,
            "waiting" => WaitAsync,
            "given-up" => NoMistakes.GiveUpAsync,
            "cancelled-late" => NoMistakes.CancelLateAsync,
            _ => throw new ArgumentException($"no such mistake: {mistake}"),
        });
        return 0;
    }

    private static async Coroutine ForgetAsync()
    {
        Forget();
        await Coroutine.Yield();
        Console.WriteLine("done");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => _ = SaveAsync();
    }

    private static async Coroutine ForgetDelayAsync()
    {
        Forget();
        await Coroutine.Yield();

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => _ = Coroutine.Delay(TimeSpan.FromSeconds(1));
    }

    /// <summary>The lock lives on, and has been taken before, so that it has a wait of its own to give out.</summary>
    private static async Coroutine ForgetLockAsync()
    {
        using (await s_gate.LockAsync())
        {
        }

        Forget();
        await Coroutine.Yield();

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => _ = s_gate.LockAsync();
    }

    /// <summary>The method has been awaited before, so that there is a frame to use again.</summary>
    private static async Coroutine ForgetAgainAsync()
    {
        await SaveAsync();
        Forget();
        await Coroutine.Yield();

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => _ = SaveAsync();
    }

    /// <summary>It is reported while the program runs, and not only at its end.</summary>
    private static async Coroutine CollectAsync()
    {
        await ForgetAsync();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await Coroutine.Yield();
        await Coroutine.Yield();
        Console.Error.WriteLine("after the collection");
    }

    /// <summary>What is told is told to the loop's handler, though it is a generator's body that forgot.</summary>
    private static void ForgetInGenerator()
    {
        EventLoop.Run(
            async () =>
            {
                foreach (var number in new Generator<int>(BodyAsync))
                {
                    Console.WriteLine(number);
                }

                await Coroutine.Yield();
            },
            new()
            {
                OnReport = static report =>
                {
                    if (report.Kind == LoopReportKind.NeverAwaited)
                    {
                        Console.WriteLine($"forgotten in {report.TaskName}");
                    }
                },
            });

        static async Coroutine BodyAsync(GeneratorHandle<int, Nothing> co)
        {
            Forget();
            await co.Yield(1);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => _ = SaveAsync();
    }

    private static async Coroutine SaveAsync() => await Coroutine.Yield();

    private static async Coroutine BlockAsync() => await LoopTask.Start(ComputeAsync(), "cruncher");

    private static async Coroutine ComputeAsync()
    {
        await Coroutine.Yield();
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 150)
        {
        }

        await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
    }

    private static async Coroutine CancelAsync()
    {
        var task = LoopTask.Start(SleepAsync(), "sleeper");
        await Coroutine.Yield();
        GiveUp(task);
        try
        {
            await task;
        }
        catch (LoopTaskCanceledException)
        {
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void GiveUp(LoopTask task) => task.Cancel("too slow");
    }

    private static async Coroutine SleepAsync()
    {
        try
        {
            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
        }
        catch (ScopeCanceledException cancellation)
        {
            Console.WriteLine($"requested at: {cancellation.RequestedAt}");
            throw;
        }
    }

    private static async Coroutine FailAsync()
    {
        LoopTask.Start(FailLaterAsync(), "worker");
        await Coroutine.Yield();
    }

    private static async Coroutine FailLaterAsync()
    {
        await Task.CompletedTask;
        throw new InvalidDataException("bad header");
    }

    private static async Coroutine WaitAsync()
    {
        var loop = EventLoop.Current;
        var task = LoopTask.Start(Coroutine.Delay(Timeout.InfiniteTimeSpan), "waiter");
        await Coroutine.Yield();
        var start = loop.Now;
        await Coroutine.Delay(TimeSpan.FromMilliseconds(20));
        var least = loop.Now - start;
        var waiter = loop.Snapshot().Tasks.Single(t => t.Name == "waiter");
        Console.WriteLine(waiter.Waiting is { } waiting ? $"known: {waiting >= least}" : "unknown");
        task.Cancel();
    }
}
