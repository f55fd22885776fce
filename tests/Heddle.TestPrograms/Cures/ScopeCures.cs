#pragma warning disable HED003, HED004 // Who is cancelled in these programs looks at what it is told.
using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>Scopes, shields, timeouts and foreign code below a task: each cancellation reaches whom it is meant for, and nobody else.</summary>
internal static class ScopeCures
{
    internal static readonly (string, Func<SimulationWorld, Coroutine>)[] All =
    [
        ("swallowed cancellation", SwallowAsync), ("nested scopes", NestedAsync), ("shield", ShieldAsync), ("behind a shield", BehindShieldAsync), ("end of another", OtherEndAsync),
        ("timeout or cancel", TimeoutAsync), ("deadline set by the body", OwnDeadlineAsync), ("deadline of a group", GroupDeadlineAsync), ("clean-up with a timeout", CleanUpAsync),
        ("foreign flow", FlowAsync), ("foreign flow that cancels itself", FlowCancelsAsync), ("foreign flow after its task", FlowOutlivesAsync),
    ];

    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(1);

    private static async Coroutine SwallowAsync(SimulationWorld world)
    {
        var thrown = 0;
        await CancelScope.MoveOnAfterAsync(s_short, async _ =>
        {
            for (var i = 0; i < 4; i++)
            {
                try
                {
                    await Coroutine.Delay(s_long);
                }
                catch (ScopeCanceledException)
                {
                    thrown++;
                }
            }
        });
        world.Always(thrown == 4, "each await in a cancelled scope throws");
        world.Always(EventLoop.Current.Now == s_short, "and at once");
    }

    private static async Coroutine NestedAsync(SimulationWorld world)
    {
        var (isCanceled, isPast) = (false, false);
        var outer = await CancelScope.RunAsync(async outside =>
        {
            await CancelScope.RunAsync(async inside =>
            {
                await TaskGroup.RunAsync(async group =>
                {
                    group.Start(async () =>
                    {
                        await Coroutine.Yield();
                        isCanceled = true;
                        outside.Cancel("from outside");
                    });
                    group.Start(async () =>
                    {
                        await Coroutine.Yield();
                        inside.Cancel("from inside");
                    });
                    await Coroutine.Delay(s_long);
                });
            });
            await Coroutine.Yield();
            isPast = true;
        });
        world.Always(!isCanceled || (!outer && !isPast), "a cancellation from outside is not eaten by a scope inside");
    }

    private static async Coroutine ShieldAsync(SimulationWorld world)
    {
        var isWhole = false;
        var isPast = false;
        await CancelScope.RunAsync(async scope =>
        {
            await TaskGroup.RunAsync(async group =>
            {
                group.Start(async () =>
                {
                    await Coroutine.Delay(s_short);
                    scope.Cancel();
                });
                await CancelScope.ShieldAsync(async () =>
                {
                    await Coroutine.Delay(2 * s_short);
                    await Coroutine.Yield();
                    isWhole = true;
                });
                await Coroutine.Yield();
                isPast = true;
            });
        });
        world.Always(isWhole, "a shielded body runs to its end");
        world.Always(!isPast, "behind the shield the cancellation is met");
    }

    /// <summary>An enumeration that is begun in a shield, and goes on behind it.</summary>
    private static async Coroutine BehindShieldAsync(SimulationWorld world)
    {
        await CancelScope.RunAsync(async scope =>
        {
            IAsyncEnumerator<LoopTask>? ends = null;
            scope.Cancel();
            await CancelScope.ShieldAsync(() =>
            {
                ends = Coroutine.WhenEach(Coroutine.Delay(s_long), Coroutine.Delay(s_long)).GetAsyncEnumerator();
                return default;
            });
            await CancelScope.ShieldAsync(async () =>
            {
                // Its tasks have been left behind in a cancelled scope.
                await Coroutine.Delay(s_short);
                world.Always(EventLoop.Current.Tasks.Count == 1, "what a shield leaves behind is cancelled with what is around it");
                await ends!.DisposeAsync();
            });
        });
    }

    private static async Coroutine OtherEndAsync(SimulationWorld world)
    {
        var isTold = false;
        await TaskGroup.RunAsync(async group =>
        {
            var other = group.Start(() => Coroutine.Delay(s_long));
            group.Start(async () =>
            {
                try
                {
                    await other;
                }
                catch (LoopTaskCanceledException)
                {
                    isTold = true;
                }
            });
            await Coroutine.Yield();
            other.Cancel();
        });
        world.Always(isTold, "the end of another task is no cancellation of one's own");
    }

    private static async Coroutine TimeoutAsync(SimulationWorld world)
    {
        // Cancelled by hand, and its clean-up takes longer than it had.
        var outcome = "";
        await CancelScope.RunAsync(async around =>
        {
            try
            {
                await CancelScope.WithTimeoutAsync(2 * s_short, async scope =>
                {
                    try
                    {
                        scope.Cancel("by hand");
                        await Coroutine.Delay(s_long);
                    }
                    finally
                    {
                        await CancelScope.ShieldAsync(() => Coroutine.Delay(4 * s_short));
                    }
                });
                outcome = "cancelled";
            }
            catch (TimeoutException)
            {
                outcome = "timed out";
            }
        });
        world.Always(outcome == "cancelled", "a scope that was cancelled by hand does not time out");
    }

    private static async Coroutine OwnDeadlineAsync(SimulationWorld world)
    {
        var isTold = false;
        try
        {
            await CancelScope.ShieldAsync(async () =>
            {
                CancelScope.Current.Deadline = EventLoop.Current.Now + s_short;
                await Coroutine.Delay(s_long);
            });
        }
        catch (TimeoutException)
        {
            isTold = true;
        }

        world.Always(isTold, "a deadline that the body sets times out");
    }

    private static async Coroutine GroupDeadlineAsync(SimulationWorld world)
    {
        var isTold = false;
        try
        {
            await TaskGroup.RunAsync(async group =>
            {
                group.Scope.Deadline = EventLoop.Current.Now + s_short;
                group.Start(() => Coroutine.Delay(s_long));
                await Coroutine.Yield();
            });
        }
        catch (TimeoutException)
        {
            isTold = true;
        }

        world.Always(isTold, "a group that its deadline cuts short says so");
    }

    private static async Coroutine CleanUpAsync(SimulationWorld world)
    {
        var told = "";
        try
        {
            await CancelScope.RunAsync(async scope =>
            {
                _ = CancelScope.Current.Token;
                scope.Cancel();
                await CancelScope.ShieldAsync(() => throw new OperationCanceledException("the clean-up took too long"));
            });
        }
        catch (OperationCanceledException failure)
        {
            told = failure.Message;
        }

        world.Always(told == "the clean-up took too long", "a clean-up's own time-out is not taken for the cancellation around it");
    }

    /// <summary>Foreign code between two coroutines.</summary>
    private static async Coroutine FlowAsync(SimulationWorld world)
    {
        var (met, isPast) = (0, false);
        await CancelScope.RunAsync(async scope =>
        {
            await TaskGroup.RunAsync(async group =>
            {
                group.Start(async () =>
                {
                    await Coroutine.Delay(s_short);
                    scope.Cancel();
                });
                await ForeignAsync(async () =>
                {
                    try
                    {
                        await Coroutine.Delay(s_long);
                    }
                    catch (ScopeCanceledException)
                    {
                        met++;
                    }

                    try
                    {
                        await Coroutine.WhenAll(Coroutine.Yield(), Coroutine.Yield());
                    }
                    catch (ScopeCanceledException)
                    {
                        met++;
                    }
                });
                await Coroutine.Yield();
                isPast = true;
            });
        });
        world.Always(met == 2 && !isPast, "below foreign code the cancellation of its own scope is met");
        world.Always(EventLoop.Current.Now == s_short, "and at once");
    }

    private static async Coroutine FlowCancelsAsync(SimulationWorld world)
    {
        var task = LoopTask.Start(async () => await ForeignAsync(async () =>
        {
            LoopTask.Current!.Cancel("by itself");
            await Coroutine.Yield();
        }));
        var isTold = false;
        try
        {
            await task;
        }
        catch (LoopTaskCanceledException)
        {
            isTold = true;
        }

        world.Always(isTold && task.IsCanceled, "code below foreign code that cancels itself cancels its task");
    }

    private static async Coroutine FlowOutlivesAsync(SimulationWorld world)
    {
        Task? flow = null;
        var isTold = false;
        var slow = LoopTask.Start(() => Coroutine.Delay(s_long));
        var task = LoopTask.Start(async () =>
        {
            flow = WaitAsync();
            await Coroutine.Delay(s_short);
        });
        await task;
        slow.Cancel();
        await Coroutine.Delay(s_short);
        await flow!.OrCanceled();
        world.Always(isTold, "who goes on after its task is told of the end of another one");

        async Task WaitAsync()
        {
            try
            {
                await slow;
            }
            catch (LoopTaskCanceledException)
            {
                isTold = true;
            }
            catch (OperationCanceledException)
            {
                isTold = false;
            }
        }
    }

    private static async Coroutine ForeignAsync(Func<Coroutine> body) => await BelowAsync(body);

    private static async Task BelowAsync(Func<Coroutine> body)
    {
        await Coroutine.Yield();
        await body();
    }
}
