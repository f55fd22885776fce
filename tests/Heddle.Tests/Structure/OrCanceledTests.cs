using System.Reflection;
using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class OrCanceledTests
{
    [Fact]
    [Trait("rule", "9")]
    public void Results_come_through_from_every_kind() => VirtualTime.Run(async () =>
    {
        await Task.CompletedTask.OrCanceled();
        await default(ValueTask).OrCanceled();
        Assert.Equal(1, await Task.FromResult(1).OrCanceled());
        Assert.Equal(2, await new ValueTask<int>(2).OrCanceled());
        Assert.Equal(3, await Task.Run(() => 3).OrCanceled());
        Assert.Equal(4, await new ValueTask<int>(Task.Run(() => 4)).OrCanceled());
        Assert.Equal(0, EventLoop.Current.ForeignWaits);
    });

    [Fact]
    [Trait("rule", "9")]
    public void Failures_come_through_as_they_are() => VirtualTime.Run(async () =>
    {
        var failure = new FormatException();
        var source = new TaskCompletionSource();
        _ = LoopTask.Start(async () =>
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            source.SetException(failure);
        });
        Assert.Same(failure, await ThrowsAsync<FormatException>(() => Task.FromException(failure).OrCanceled()));
        Assert.Same(failure, await ThrowsAsync<FormatException>(() => source.Task.OrCanceled()));
    });

    [Fact]
    [Trait("rule", "8")]
    public void A_foreign_task_that_was_cancelled_is_a_failure_like_any_other() => VirtualTime.Run(async () =>
    {
        await ThrowsAsync<TaskCanceledException>(() => Task.FromCanceled(new CancellationToken(canceled: true)).OrCanceled());
        Assert.False(CancelScope.Current.IsCanceled);
    });

    [Fact]
    [Trait("rule", "9")]
    [Trait("pitfall", "30")]
    public void An_abandoned_wait_takes_nothing_from_the_task() => VirtualTime.Run(async () =>
    {
        var source = new TaskCompletionSource<int>();
        Assert.True((await CancelScope.MoveOnAfterAsync(Second, async _ => await source.Task.OrCanceled())).IsCanceled);
        Assert.Equal(0, EventLoop.Current.ForeignWaits);
        source.SetResult(8);
        Assert.Equal(8, await source.Task.OrCanceled());
    });

    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    public void A_sequence_in_a_cancelled_scope_is_asked_for_nothing() => VirtualTime.Run(async () =>
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<int>();
        for (var i = 1; i <= 3; i++)
        {
            Assert.True(channel.Writer.TryWrite(i));
        }

        var seen = new List<int>();
        await CancelScope.RunAsync(async scope =>
        {
            await foreach (var i in channel.Reader.ReadAllAsync().OrCanceled())
            {
                seen.Add(i);
                scope.Cancel("enough");
            }
        });
        Assert.Equal([1], seen);
        Assert.True(channel.Reader.TryRead(out var left));
        Assert.Equal(2, left);
    });

#pragma warning disable HED003 // The enumerator is the one of OrCanceled, so that its waits can be broken off.
    [Fact]
    [Trait("rule", "13")]
    public void A_sequence_whose_wait_timed_out_goes_on_with_the_item_that_it_was_waiting_for() => VirtualTime.RunInOrder(async () =>
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<int>();
        await using var items = channel.Reader.ReadAllAsync().OrCanceled().GetAsyncEnumerator();
        for (var round = 0; round < 3; round++)
        {
            for (var timeouts = 0; timeouts < 2; timeouts++)
            {
                Assert.True((await CancelScope.MoveOnAfterAsync(Second, async _ => await items.MoveNextAsync())).IsCanceled);
            }

            Assert.True(channel.Writer.TryWrite(round));
            Assert.True(await items.MoveNextAsync());
            Assert.Equal(round, items.Current);
        }

        channel.Writer.Complete(new FormatException());
        await ThrowsAsync<FormatException>(async () => await items.MoveNextAsync());
        Assert.False(await items.MoveNextAsync());
    });
#pragma warning restore HED003

    [Theory]
    [InlineData(false)]
    [Trait("rule", "13")]
    [Trait("pitfall", "30")]
    public void Completed_and_cancelled_in_one_turn_the_first_of_the_two_counts(bool completesFirst) => VirtualTime.Run(async () =>
    {
        var source = new TaskCompletionSource<int>();
        var outcome = await CancelScope.RunAsync(async Coroutine<int> (scope) =>
        {
            _ = LoopTask.Start(async () =>
            {
                await Coroutine.Yield();
                if (completesFirst)
                {
                    source.SetResult(1);
                    scope.Cancel();
                }
                else
                {
                    scope.Cancel();
                    source.SetResult(1);
                }
            });
            return await source.Task.OrCanceled();
        });
        Assert.Equal(completesFirst, outcome.IsSuccess);
        Assert.Equal(0, EventLoop.Current.ForeignWaits);
        await Coroutine.Delay(Second);
    });

    [Fact]
    [Trait("rule", "7")]
    public void In_a_cancelled_scope_even_a_completed_task_is_refused() => VirtualTime.Run(() => CancelScope.RunAsync(async scope =>
    {
        scope.Cancel();
        await ThrowsAsync<ScopeCanceledException>(() => Task.CompletedTask.OrCanceled());
    }));

    [Fact]
    [Trait("rule", "9")]
    public void A_sequence_comes_through_and_is_disposed_of() => VirtualTime.Run(async () =>
    {
        var log = new List<string>();
        await foreach (var item in NumbersAsync(log, Task.CompletedTask, new()).OrCanceled())
        {
            log.Add($"{item}");
        }

        Assert.Equal(["1", "2", "disposed"], log);
    });

    [Fact]
    [Trait("rule", "9")]
    public void A_wait_for_a_sequences_next_item_can_be_abandoned_and_it_is_disposed_of_when_it_allows_that() => VirtualTime.RunInOrder(async () =>
    {
        var log = new List<string>();
        var gate = new TaskCompletionSource();
        var disposed = new TaskCompletionSource();
        Assert.False(await CancelScope.MoveOnAfterAsync(Second, async _ =>
        {
            await foreach (var item in NumbersAsync(log, gate.Task, disposed).OrCanceled())
            {
                log.Add($"{item}");
            }
        }));
        Assert.Equal(["1"], log);
        Assert.Equal(Second, EventLoop.Current.Now);
        gate.SetResult();
        await disposed.Task;
        Assert.Equal(["1", "disposed"], log);
    });

    [Fact]
    [Trait("rule", "17")]
    public void A_sequence_that_cannot_be_disposed_of_later_is_reported()
    {
        var reported = new TaskCompletionSource<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var gate = new TaskCompletionSource();
                await CancelScope.MoveOnAfterAsync(Second, async _ =>
                {
                    await foreach (var item in UndisposableAsync(gate.Task).OrCanceled())
                    {
                        Assert.Fail($"{item} came");
                    }
                });
                gate.SetResult();
                Assert.Equal("stuck", (await reported.Task).Exception!.Message);
            },
            new() { OnReport = report => reported.SetResult(report) });
    }

    private static async IAsyncEnumerable<int> NumbersAsync(List<string> log, Task gate, TaskCompletionSource disposed)
    {
        try
        {
            yield return 1;
            await gate.ConfigureAwait(false);
            yield return 2;
        }
        finally
        {
            log.Add("disposed");
            disposed.SetResult();
        }
    }

    private static async IAsyncEnumerable<int> UndisposableAsync(Task gate)
    {
        try
        {
            await gate.ConfigureAwait(false);
            yield return 1;
        }
        finally
        {
            throw new FormatException("stuck");
        }
    }

    [Theory]
    [Trait("rule", "13")]
    [Trait("pitfall", "8")]
    [InlineData(1, 100)]
    [InlineData(1, 1_000)]
    [InlineData(50, 100)]
    public void However_many_waits_are_abandoned_a_task_keeps_no_more_registrations_than_waited_at_once(int atOnce, int rounds) => VirtualTime.Run(async () =>
    {
        var shutdown = new TaskCompletionSource<int>();
        for (var i = 0; i < rounds; i++)
        {
            await Coroutine.WhenAll(Enumerable.Range(0, atOnce).Select(n => AbandonAsync((n % 3) switch
            {
                0 => async () => await ((Task)shutdown.Task).OrCanceled(),
                1 => async () => await shutdown.Task.OrCanceled(),
                _ => async () => await new ValueTask<int>(shutdown.Task).OrCanceled(),
            })));
        }

        Assert.InRange(Registrations(shutdown.Task), 1, atOnce);

        // One that was left there serves all who come.
        var waits = Enumerable.Range(0, 100).Select(_ => LoopTask.Start(shutdown.Task.OrCanceled())).ToList();
        await Coroutine.Yield();
        Assert.InRange(Registrations(shutdown.Task), 1, atOnce);
        waits[50].Cancel();
        shutdown.SetResult(7);
        foreach (var wait in waits)
        {
            await LoopTask.WhenAny(wait);
            Assert.True(wait.IsCanceled || wait.Result == 7);
        }

        Assert.Equal(1, waits.Count(static wait => wait.IsCanceled));

        static async Coroutine AbandonAsync(Func<Coroutine> wait)
            => await CancelScope.RunAsync(async scope =>
            {
                EventLoop.Current.Post(static scope => scope.Cancel(), scope);
                await wait();
            });
    });

    [Fact]
    [Trait("rule", "9")]
    public void A_task_that_ends_on_another_thread_wakes_all_who_wait_by_one_registration() => EventLoop.Run(async () =>
    {
        for (var i = 0; i < 100; i++)
        {
            var source = new TaskCompletionSource<int>();
            await CancelScope.RunAsync(async scope =>
            {
                EventLoop.Current.Post(static scope => scope.Cancel(), scope);
                await source.Task.OrCanceled();
            });
            var waits = Enumerable.Range(0, 5).Select(_ => LoopTask.Start(source.Task.OrCanceled())).ToList();
            await Coroutine.Yield();
            _ = Task.Run(() => source.SetResult(i));
            foreach (var wait in waits)
            {
                Assert.Equal(i, await wait);
            }
        }
    });

    [Fact]
    [Trait("rule", "9")]
    public void A_task_that_ends_at_the_very_moment_at_which_it_is_waited_for_loses_no_wake_up() => EventLoop.Run(async () =>
    {
        // Two threads that meet as often as they can: whatever their order, the wait ends.
        var next = new TaskCompletionSource<int>();
        var isWaiting = 0;
        var other = Task.Run(() =>
        {
            for (var i = 0; i < 3_000; i++)
            {
                // Real: the other thread is.
                SpinWait.SpinUntil(() => Volatile.Read(ref isWaiting) == i + 1);
                next.SetResult(i);
            }
        });
        for (var i = 0; i < 3_000; i++)
        {
            var task = (next = new TaskCompletionSource<int>()).Task;
            Volatile.Write(ref isWaiting, i + 1);
            Assert.Equal(i, await task.OrCanceled());
        }

        await other.OrCanceled();
    });

    /// <summary>Nothing but a task itself knows who is registered with it.</summary>
    private static int Registrations(Task task)
        => typeof(Task).GetField("m_continuationObject", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(task) switch
        {
            null => 0,
            System.Collections.ICollection several => several.Count,
            _ => 1,
        };
}
