using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

public class TaskGroupFailureTests
{
    [Theory]
    [Trait("rule", "16")]
    [InlineData(false, 1_000)]
    [InlineData(true, 1_000)]
    [InlineData(false, 40_000)]
    [InlineData(true, 40_000)]
    public void However_many_fail_each_is_thrown_once(bool keepsGoing, int count)
    {
        var shared = new FormatException("shared");
        var failure = Assert.Throws<AggregateException>(() => EventLoop.Run(() => TaskGroup.RunAsync(
            async group =>
            {
                for (var i = 0; i < count; i++)
                {
                    group.Start(Coroutine.FromException(new FormatException()));
                    group.Start(Coroutine.FromException(shared));
                }

                await CancelScope.ShieldAsync(() => Coroutine.Delay(TimeSpan.FromMilliseconds(1)));
            },
            new() { KeepGoing = keepsGoing })));
        Assert.Equal(count + 1, failure.InnerExceptions.Count);
        Assert.Single(failure.InnerExceptions, inner => ReferenceEquals(inner, shared));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_failure_of_a_group_costs_the_same_however_many_there_are(bool keepsGoing)
    {
        var few = CostOfEach(10_000);
        var many = CostOfEach(40_000);
        Assert.InRange(many.Bytes, 1, few.Bytes * 3 / 2);
        Assert.Equal(0, many.Comparisons);

        (long Bytes, int Comparisons) CostOfEach(int count)
        {
            var comparisons = 0;
            var failures = Enumerable.Range(0, count).Select(_ => new Compared(() => comparisons++)).ToArray();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var failure = Assert.Throws<AggregateException>(() => EventLoop.Run(() => TaskGroup.RunAsync(
                async group =>
                {
                    foreach (var failure in failures)
                    {
                        group.Start(Coroutine.FromException(failure));
                    }
                },
                new() { KeepGoing = keepsGoing })));
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(count, failure.InnerExceptions.Count);
            return (bytes / count, comparisons);
        }
    }

    /// <summary>Knows how often it was compared, which whoever looks for it among others has to do with each.</summary>
    private sealed class Compared(Action onCompared) : Exception
    {
        public override bool Equals(object? obj)
        {
            onCompared();
            return ReferenceEquals(this, obj);
        }

        public override int GetHashCode()
        {
            onCompared();
            return 0;
        }
    }

    [Fact]
    [Trait("rule", "16")]
    public void A_group_that_keeps_going_keeps_no_failure_that_somebody_has_awaited_or_looked_at() => VirtualTime.RunInOrder(async () =>
    {
        var seen = new List<WeakReference>();
        var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(
            async group =>
            {
                for (var i = 0; i < 200; i++)
                {
                    await LookAsync(group, seen, isAfterwards: i % 2 == 0);
                }

                var unseen = group.Start(FailAfterAsync(Second, new TimeoutException("unseen")));
                await LoopTask.WhenAny(unseen);
                GC.Collect();

                // A pooled frame may still refer to the last few.
                Assert.InRange(seen.Count(exception => exception.IsAlive), 0, 10);
            },
            new() { KeepGoing = true }));
        Assert.Equal("unseen", Assert.Single(failure.InnerExceptions).Message);

        static async Coroutine LookAsync(TaskGroup group, List<WeakReference> seen, bool isAfterwards)
        {
            var task = group.Start(FailAfterAsync(TimeSpan.FromMilliseconds(1), new FormatException()));
            if (isAfterwards)
            {
                await LoopTask.WhenAny(task);
                seen.Add(new(task.Exception));
            }
            else
            {
                seen.Add(new(await ThrowsAsync<FormatException>(async () => await task)));
            }
        }
    });

    [Fact]
    [Trait("rule", "16")]
    public void A_failure_of_the_body_counts_like_a_tasks() => VirtualTime.Run(async () =>
    {
        LoopTask? child = null;
        var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            child = group.Start(FailWhenCancelledAsync(new FormatException("child")));
            await Coroutine.Delay(Second);
            throw new InvalidTimeZoneException("body");
        }));
        Assert.Equal(["body", "child"], failure.InnerExceptions.Select(inner => inner.Message));
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "14")]
    public void Those_who_are_cancelled_by_a_failure_are_told_which() => VirtualTime.Run(async () =>
    {
        var reasons = new List<string?>();
        async Coroutine TellAsync() => reasons.Add((await ThrowsAsync<ScopeCanceledException>(() => Coroutine.Delay(Hour))).Reason);
        await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(FailAfterAsync(Second, new FormatException("no such page")), "fetch");
            _ = group.Start(TellAsync());
            await TellAsync();
        }));
        Assert.Equal(2, reasons.Count);
        Assert.All(reasons, reason => Assert.Equal("task 'fetch' failed: no such page", reason));
    });

    [Fact]
    [Trait("rule", "16")]
    public void Failures_come_out_although_the_group_was_cancelled_from_outside() => VirtualTime.Run(async () =>
    {
        var failure = await ThrowsAsync<AggregateException>(async () => await CancelScope.MoveOnAfterAsync(Second, scope => TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(FailWhenCancelledAsync(new FormatException("child")));
            _ = group.Start(Coroutine.Delay(Hour));
            await Coroutine.Delay(Hour);
        })));
        Assert.Equal("child", Assert.Single(failure.InnerExceptions).Message);
    });

    [Fact]
    [Trait("rule", "16")]
    public void Groups_in_groups_in_groups_come_out_flat() => VirtualTime.Run(async () =>
    {
        Coroutine LevelAsync(int level) => TaskGroup.RunAsync(async group =>
        {
            _ = group.Start(FailWhenCancelledAsync(new FormatException($"{level}")));
            if (level < 3)
            {
                _ = group.Start(LevelAsync(level + 1));
            }
            else
            {
                await Coroutine.Delay(Second);
                throw new InvalidTimeZoneException("root cause");
            }
        });

        var failure = await ThrowsAsync<AggregateException>(() => LevelAsync(0));
        Assert.Equal(["0", "1", "2", "3", "root cause"], failure.InnerExceptions.Select(inner => inner.Message).Order());
        Assert.False(failure.TryFind<TimeoutException>(out _));
    });

    [Fact]
    [Trait("rule", "16")]
    public void A_task_that_awaits_a_cancelled_sibling_fails_and_so_the_group() => VirtualTime.Run(async () =>
    {
        var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(async group =>
        {
            var sibling = group.Start(Coroutine.Delay(Hour), "sibling");
            _ = group.Start(async () => await sibling);
            await Coroutine.Delay(Second);
            sibling.Cancel("not needed");
        }));
        Assert.Equal("sibling", Assert.IsType<LoopTaskCanceledException>(Assert.Single(failure.InnerExceptions)).TaskName);
    });

    [Fact]
    [Trait("rule", "16")]
    public void A_failing_body_ends_a_group_that_keeps_going() => VirtualTime.Run(async () =>
    {
        var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(
            async group =>
            {
                _ = group.Start(FailAfterAsync(Second, new FormatException("unseen")));
                var seen = group.Start(FailAfterAsync(Second, new FormatException("seen")));
                _ = group.Start(Coroutine.Delay(Hour));
                await ThrowsAsync<FormatException>(async () => await seen);
                throw new InvalidTimeZoneException("body");
            },
            new() { KeepGoing = true }));
        Assert.Equal(["body", "unseen"], failure.InnerExceptions.Select(inner => inner.Message));
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "16")]
    public void A_failure_keeps_those_that_wait_for_their_turn_from_starting() => VirtualTime.Run(async () =>
    {
        var started = 0;
        async Coroutine WorkAsync()
        {
            started++;
            await Coroutine.Delay(Second * 2);
        }

        var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(
            async group =>
            {
                _ = group.Start(WorkAsync());
                _ = group.Start(FailAfterAsync(Second, new FormatException()));
                for (var i = 0; i < 10; i++)
                {
                    _ = group.Start(WorkAsync());
                }
            },
            new() { MaxConcurrency = 2 }));
        Assert.Single(failure.InnerExceptions);
        Assert.Equal(1, started);
        Assert.Equal(Second, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "16")]
    public void When_it_keeps_going_a_failure_leaves_its_place_to_the_next() => VirtualTime.RunInOrder(async () =>
    {
        var failure = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(
            async group =>
            {
                for (var i = 0; i < 10; i++)
                {
                    _ = group.Start(FailAfterAsync(Second, new FormatException($"{i}")));
                }
            },
            new() { KeepGoing = true, MaxConcurrency = 2 }));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), failure.InnerExceptions.Select(inner => inner.Message));
        Assert.Equal(Second * 5, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "15")]
    public void Tasks_can_start_tasks_as_long_as_one_of_them_runs() => VirtualTime.Run(async () =>
    {
        var ran = 0;
        await TaskGroup.RunAsync(async group =>
        {
            void StartNext(int generation) => _ = group.Start(async () =>
            {
                await Coroutine.Delay(Second);
                ran++;
                if (generation < 5)
                {
                    StartNext(generation + 1);
                    StartNext(generation + 1);
                }
            });
            StartNext(1);
        });
        Assert.Equal(31, ran);
        Assert.Equal(Second * 5, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("rule", "16")]
    public void An_aggregate_of_ones_own_stays_whole() => VirtualTime.Run(async () =>
    {
        var own = new OwnFailures();
        var plain = new AggregateException("plain", new ArgumentException());
        var thrown = await ThrowsAsync<AggregateException>(() => TaskGroup.RunAsync(outer => TaskGroup.RunAsync(async group =>
        {
            group.Start(() => Coroutine.FromException(own));
            group.Start(() => Coroutine.FromException(plain));
            await Coroutine.Yield();
        })));
        Assert.Equal([own, plain], thrown.InnerExceptions);
        Assert.True(thrown.TryFind<OwnFailures>(out var found));
        Assert.Same(own, found);
        Assert.True(thrown.TryFind<FormatException>(out _), "It looks into them all the same.");
        Assert.True(thrown.TryFind<ArgumentException>(out _));
        Assert.False(thrown.TryFind<TimeoutException>(out _));
    });

    [Fact]
    [Trait("rule", "11")]
    public void A_deadline_of_the_groups_scope_that_cuts_something_short_times_out() => VirtualTime.Run(async () =>
    {
        await ThrowsAsync<TimeoutException>(() => TaskGroup.RunAsync(async group =>
        {
            group.Scope.CancelAfter(Second);
            await Coroutine.Delay(Hour);
        }));
        await ThrowsAsync<TimeoutException>(async () => await TaskGroup.RunAsync(async Coroutine<int> (group) =>
        {
            group.Scope.CancelAfter(Second);
            _ = group.Start(Coroutine.Delay(Hour));
            await Coroutine.Yield();
            return 1;
        }));
        await TaskGroup.RunAsync(async group =>
        {
            group.Scope.CancelAfter(Second);
            await CancelScope.ShieldAsync(() => Coroutine.Delay(Second * 2));
        });
    });

    private sealed class OwnFailures() : AggregateException("mine", new FormatException(), new ArgumentException());
}
