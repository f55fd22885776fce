using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.LowLevel;

/// <summary>Primitives written through the public door.</summary>
public class OwnPrimitiveTests
{
    [Fact]
    public void A_primitive_of_ones_own_hands_over_and_is_cancelled_without_loss() => VirtualTime.Run(async () =>
    {
        var box = new Mailbox<int>();
        var first = LoopTask.Start(async () => await box.TakeAsync());
        var second = LoopTask.Start(async () => await box.TakeAsync());
        await Coroutine.Yield();
        Assert.Equal("a letter", first.WaitsFor);
        first.Cancel();
        box.Put(1);
        Assert.Equal(1, await second);
        await Assert.ThrowsAsync<LoopTaskCanceledException>(async () => await first);
        Assert.Equal(0, box.Waiting);
    });

    [Fact]
    public void It_is_not_begun_in_a_cancelled_scope() => VirtualTime.Run(async () =>
    {
        var box = new Mailbox<int>();
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            await box.TakeAsync();
        });
        Assert.Equal(0, box.Begun);
    });

    [Fact]
    public void It_may_resume_at_once_and_may_fail_at_once() => VirtualTime.Run(async () =>
    {
        Assert.Equal(3, await Suspend.UntilResumedAsync<int, int>(3, static (resumption, n) => resumption.TryResume(n), static _ => true, "n"));
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Suspend.UntilResumedAsync<int, int>(
            0, static (_, _) => throw new InvalidTimeZoneException(), static _ => true, "nothing").AsTask());
    });

    [Fact]
    public void It_can_be_resumed_from_another_thread_and_late_copies_do_nothing() => EventLoop.Run(async () =>
    {
        Resumption<int> kept = default;
        var value = await Suspend.UntilResumedAsync<int, int>(
            0,
            (resumption, _) =>
            {
                kept = resumption;
                new Thread(() => resumption.PostResume(5)).Start();
            },
            static _ => true,
            "a thread");
        Assert.Equal(5, value);
        Assert.False(kept.TryResume(6));
        Assert.False(kept.TryFail(new InvalidTimeZoneException()));
        await Coroutine.Yield();
    });

    [Fact]
    public void One_that_refuses_to_be_aborted_is_waited_for() => VirtualTime.Run(async () =>
    {
        Resumption<int> kept = default;
        var task = LoopTask.Start(async () => await Suspend.UntilResumedAsync<int, int>(
            0, (resumption, _) => kept = resumption, static _ => false, "something stubborn"));
        await Coroutine.Yield();
        task.Cancel();
        await Coroutine.Yield();
        Assert.False(task.IsCompleted);
        Assert.True(kept.TryResume(9));
        Assert.Equal(9, await task);
    });

    [Fact]
    public void The_order_of_ready_tasks_can_be_replaced() => VirtualTime.Run(
        async () =>
        {
            var log = new List<int>();
            async Coroutine NoteAsync(int n) => log.Add(n);
            await TaskGroup.RunAsync(async group =>
            {
                for (var i = 0; i < 5; i++)
                {
                    _ = group.Start(NoteAsync(i), $"{i}");
                }
            });
            Assert.Equal([4, 3, 2, 1, 0], log);
        },
        new() { ReadyQueue = () => new LastInFirstOut() });

    /// <summary>Hands each letter to the one who has waited longest.</summary>
    private sealed class Mailbox<T>
    {
        private readonly LinkedList<Wait> _waits = new();

        internal int Begun { get; private set; }

        internal int Waiting => _waits.Count;

        internal Coroutine<T> TakeAsync() => Suspend.UntilResumedAsync<Wait, T>(
            new Wait(this),
            static (resumption, wait) =>
            {
                wait.Box.Begun++;
                wait.Resumption = resumption;
                wait.Box._waits.AddLast(wait);
            },
            static wait => wait.Box._waits.Remove(wait),
            "a letter");

        internal void Put(T letter)
        {
            var wait = _waits.First!.Value;
            _waits.RemoveFirst();
            Assert.True(wait.Resumption.TryResume(letter));
        }

        private sealed class Wait(Mailbox<T> box)
        {
            internal Mailbox<T> Box => box;

            internal Resumption<T> Resumption { get; set; }
        }
    }

    [Fact]
    public void Callbacks_run_in_the_order_of_posting_whichever_task_the_ready_queue_prefers()
    {
        var ran = new List<int>();
        VirtualTime.Run(
            async () =>
            {
                for (var i = 0; i < 8; i++)
                {
                    var number = i;
                    EventLoop.Current.Post(() => ran.Add(number));
                    LoopTask.Start(async () => await Coroutine.Yield());
                }

                await Coroutine.Delay(TimeSpan.FromSeconds(1));
            },
            new() { ReadyQueue = static () => new LastInFirstOut() });
        Assert.Equal(Enumerable.Range(0, 8), ran);
    }

    private sealed class LastInFirstOut : IReadyQueue
    {
        private readonly Stack<LoopTask> _tasks = new();

        public void Enqueue(LoopTask task) => _tasks.Push(task);

        public LoopTask Dequeue() => _tasks.Pop();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_refuses_to_be_aborted_is_asked_once(bool fromInside) => VirtualTime.Run(async () =>
    {
        var asked = 0;
        await CancelScope.RunAsync(async outer =>
        {
            await CancelScope.RunAsync(async inner =>
            {
                EventLoop.Current.Post(() => (fromInside ? inner : outer).Cancel());
                EventLoop.Current.Post(() => (fromInside ? outer : inner).Cancel());
                await Suspend.UntilResumedAsync<int, int>(
                    0,
                    static (resumption, _) => LoopTask.Start(async () =>
                    {
                        await Coroutine.Delay(TimeSpan.FromSeconds(1));
                        resumption.TryResume(1);
                    }),
                    _ =>
                    {
                        asked++;
                        return false;
                    },
                    "a test");
            });
        });
        Assert.Equal(1, asked);
    });
}
