using System.Net;
using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

/// <summary>Exactly one of several, and from the others nothing.</summary>
public class SelectTests
{
    [Fact]
    public void It_takes_the_first_that_is_ready_in_the_order_given() => VirtualTime.Run(async () =>
    {
        var (a, b) = (new AsyncQueue<string>(), new AsyncQueue<string>());
        a.TryPut("a");
        b.TryPut("b");
        Assert.Equal("b", await Select.OneAsync(Select.Case(b.GetAsync(), x => x), Select.Case(a.GetAsync(), x => x)));
        Assert.Equal("a", await Select.OneAsync(Select.Case(b.GetAsync(), x => x), Select.Case(a.GetAsync(), x => x)));
        Assert.True(a.IsEmpty && b.IsEmpty);
    });

    [Fact]
    public void Of_two_that_come_in_one_turn_it_takes_one_and_leaves_the_other() => VirtualTime.Run(async () =>
    {
        var (a, b) = (new AsyncQueue<string>(), new AsyncQueue<string>());
        var selecting = LoopTask.Start(Select.OneAsync(Select.Case(a.GetAsync(), x => x), Select.Case(b.GetAsync(), x => x)));
        await Expect.SettleAsync();
        Assert.Equal((1, 1), (a.Statistics.WaitingGetters, b.Statistics.WaitingGetters));
        b.TryPut("from b");
        a.TryPut("from a");
        Assert.Equal("from b", await selecting);
        Assert.Equal((1, 0), (a.Count, b.Count));
        Assert.Equal((0, 0), (a.Statistics.WaitingGetters, b.Statistics.WaitingGetters));
    });

    [Fact]
    [Trait("rule", "13")]
    public void Ten_thousand_selections_over_two_queues_and_a_delay_lose_nothing_wherever_they_are_cancelled() => VirtualTime.Run(async () =>
    {
        const int Count = 10_000;
        var random = new Random(5);
        var queues = new[] { new AsyncQueue<int>(3), new AsyncQueue<int>(2) };
        var (got, delays, cancelled) = (new List<int>(), 0, 0);
        var putter = LoopTask.Start(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await queues[random.Next(2)].PutAsync(i);
                await Coroutine.Delay(TimeSpan.FromMilliseconds(random.Next(3)));
            }
        });
        while (got.Count < Count)
        {
            CancelScope? scope = null;
            var selecting = LoopTask.Start(() => CancelScope.RunAsync(async own =>
            {
                scope = own;
                await Select.OneAsync(
                    Select.Case(queues[0].GetAsync(), got.Add),
                    Select.Case(queues[1].GetAsync(), got.Add),
                    Select.Case(Coroutine.Delay(TimeSpan.FromMilliseconds(1)), () => { delays++; }));
            }));
            if (random.Next(2) == 0)
            {
                for (var turns = random.Next(3); turns > 0; turns--)
                {
                    await Coroutine.Yield();
                }

                if (random.Next(2) == 0)
                {
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(random.Next(2)));
                }

                cancelled += scope is { IsCanceled: false } ? 1 : 0;
                scope?.Cancel("by chance");
            }

            await selecting;
        }

        await putter;
        Assert.Equal(Enumerable.Range(0, Count), got.Order());
        Assert.True(delays > 100 && cancelled > 100, $"{delays} delays, {cancelled} cancelled");
        Assert.All(queues, queue => Assert.Equal((0, 0, 0), (queue.Count, queue.Statistics.WaitingGetters, queue.Statistics.WaitingPutters)));
    });

    [Fact]
    public void A_get_and_a_put_of_one_queue_in_one_selection_do_one_of_both() => VirtualTime.Run(async () =>
    {
        var queue = new AsyncQueue<int>(1);
        Coroutine<string> Both() => Select.OneAsync(Select.Case(queue.GetAsync(), x => $"got {x}"), Select.Case(queue.PutAsync(7), () => "put"));
        Assert.Equal("put", await Both());
        Assert.Equal("got 7", await Both());
        Assert.True(queue.IsEmpty);
        Assert.Equal((0, 0), (queue.Statistics.WaitingGetters, queue.Statistics.WaitingPutters));
    });

    [Fact]
    public void A_put_that_is_not_taken_has_put_nothing() => VirtualTime.Run(async () =>
    {
        var (full, empty) = (new AsyncQueue<int>(1), new AsyncQueue<int>());
        full.TryPut(1);
        var selecting = LoopTask.Start(Select.OneAsync(Select.Case(full.PutAsync(2), () => "put"), Select.Case(empty.GetAsync(), x => $"got {x}")));
        await Expect.SettleAsync();
        empty.TryPut(3);
        Assert.Equal(1, await full.GetAsync());
        Assert.Equal("got 3", await selecting);
        Assert.True(full is { IsEmpty: true, UnfinishedItems: 1 });
    });

    [Fact]
    public void Two_selections_that_wait_for_what_the_other_offers_serve_each_other() => VirtualTime.Run(async () =>
    {
        var (there, back) = (new AsyncQueue<int>(1), new AsyncQueue<int>(1));
        there.TryPut(0);
        back.TryPut(0);

        // Each waits for room in one queue or for an item of the other; what a third takes out sets off both.
        async Coroutine<string> OfferAsync(AsyncQueue<int> full, AsyncQueue<int> other, int item)
        {
            await other.GetAsync();
            return await Select.OneAsync(Select.Case(full.PutAsync(item), () => "put"), Select.Case(other.GetAsync(), x => $"got {x}"));
        }

        var one = LoopTask.Start(OfferAsync(there, back, 1));
        var two = LoopTask.Start(OfferAsync(back, there, 2));
        var outcomes = new[] { await one, await two };
        var left = there.Count + back.Count;
        Assert.Equal(left, outcomes.Count(x => x == "put") - outcomes.Count(x => x != "put"));
        Assert.Equal((0, 0), (there.Statistics.WaitingPutters + there.Statistics.WaitingGetters, back.Statistics.WaitingPutters + back.Statistics.WaitingGetters));
    });

    [Fact]
    public void Many_selections_that_get_and_put_among_each_other_lose_no_item() => VirtualTime.Run(async () =>
    {
        var random = new Random(11);
        var queues = Enumerable.Range(0, 3).Select(_ => new AsyncQueue<int>(1)).ToArray();
        var (put, got) = (new List<int>(), new List<int>());
        var next = 0;
        async Coroutine TradeAsync()
        {
            for (var i = 0; i < 300; i++)
            {
                var (from, to, item) = (queues[random.Next(3)], queues[random.Next(3)], next++);
                await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(random.Next(1, 4)), _ => Select.OneAsync(
                    Select.Case(from.GetAsync(), got.Add),
                    Select.Case(to.PutAsync(item), () => put.Add(item)),
                    Select.Case(Coroutine.Delay(TimeSpan.FromMilliseconds(random.Next(1, 4))), () => { })));
                if (random.Next(2) == 0)
                {
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(random.Next(3)));
                }
            }
        }

        await Coroutine.WhenAll(Enumerable.Range(0, 8).Select(_ => TradeAsync()));
        foreach (var queue in queues)
        {
            Assert.Equal((0, 0), (queue.Statistics.WaitingGetters, queue.Statistics.WaitingPutters));
            while (queue.TryGet(out var item))
            {
                got.Add(item);
            }
        }

        Assert.Equal(put.Order(), got.Order());
        Assert.True(put.Count > 300);
    });

    [Fact]
    public void A_queue_that_is_shut_down_is_to_be_had_and_fails_the_selection() => VirtualTime.Run(async () =>
    {
        var (closed, other) = (new AsyncQueue<int>(), new AsyncQueue<int>());
        var selecting = LoopTask.Start(Select.OneAsync(Select.Case(other.GetAsync(), x => x), Select.Case(closed.GetAsync(), x => x)));
        await Coroutine.Yield();
        closed.Shutdown();
        await ThrowsAsync<QueueShutdownException>(async () => await selecting);
        Assert.Equal(0, other.Statistics.WaitingGetters);
        await ThrowsAsync<QueueShutdownException>(() => Select.OneAsync(Select.Case(closed.PutAsync(1), () => 1), Select.Case(Coroutine.Delay(Hour), () => 2)));
        other.TryPut(3);
        await ThrowsAsync<QueueShutdownException>(() => Select.OneAsync(Select.Case(closed.GetAsync(), x => x), Select.Case(other.GetAsync(), x => x)));
        Assert.Equal(3, await Select.OneAsync(Select.Case(other.GetAsync(), x => x), Select.Case(closed.GetAsync(), x => x)));
    });

    [Fact]
    public void A_lock_that_was_won_is_held_and_the_others_are_free() => VirtualTime.Run(async () =>
    {
        var (a, b) = (new AsyncLock(), new AsyncLock());
        var semaphore = new AsyncSemaphore(0, 1);
        var held = await a.LockAsync();
        var bHeld = await b.LockAsync();
        var selecting = LoopTask.Start(
            async () =>
            {
                using (await Select.OneAsync(Select.Case(a.LockAsync(), x => x), Select.Case(b.LockAsync(), x => x), Select.Case(semaphore.LockAsync(), x => x)))
                {
                    await Coroutine.Delay(Second);
                }
            },
            "selecting");
        await Expect.SettleAsync();
        bHeld.Dispose();
        held.Dispose();
        semaphore.Release();
        Assert.Equal("selecting", b.Statistics.Holder);
        Assert.False(a.IsLocked);
        Assert.Equal(1, semaphore.CurrentCount);
        await selecting;
        Assert.False(b.IsLocked);
    });

    [Fact]
    public void The_same_primitive_several_times_is_taken_once() => VirtualTime.Run(async () =>
    {
        var semaphore = new AsyncSemaphore(0, 1);
        var permits = LoopTask.Start(Select.OneAsync(Select.Case(semaphore.AcquireAsync(), () => 0), Select.Case(semaphore.AcquireAsync(), () => 1)));
        var barrier = new AsyncBarrier(3);
        var places = LoopTask.Start(Select.OneAsync(Select.Case(barrier.WaitAsync(), x => x), Select.Case(barrier.WaitAsync(), x => x)));
        var gate = new AsyncReaderWriterLock();
        var reading = await gate.ReadLockAsync();
        var entering = LoopTask.Start(Select.OneAsync(Select.Case(gate.WriteLockAsync(), x => x), Select.Case(gate.ReadLockAsync(), x => x)));
        var queue = new AsyncQueue<int>();
        var items = LoopTask.Start(Select.OneAsync(Select.Case(queue.GetAsync(), x => x), Select.Case(queue.GetAsync(), x => -x)));
        await Expect.SettleAsync();
        Assert.True(semaphore.Statistics.Waiters == 2 && barrier.Statistics.Waiters == 2 && queue.Statistics.WaitingGetters == 2);
        semaphore.Release(2);
        Assert.Equal(0, await permits);
        Assert.Equal(1, semaphore.CurrentCount);
        await barrier.WaitAsync();
        await places;
        Assert.Equal(0, barrier.Statistics.Waiters);
        reading.Dispose();
        (await entering).Dispose();
        Assert.False(gate.IsLocked);
        queue.TryPut(1);
        queue.TryPut(2);
        Assert.Equal(1, await items);
        Assert.Equal(1, queue.Count);
    });

    [Fact]
    public void When_a_writer_leaves_the_line_the_reader_of_the_same_selection_is_not_let_in() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        var stop = new AsyncManualResetEvent();
        var writing = await gate.WriteLockAsync();
        var reader = LoopTask.Start(async () =>
        {
            using (await gate.ReadLockAsync())
            {
                await Coroutine.Delay(Second);
            }
        });
        await Expect.SettleAsync();
        var selecting = LoopTask.Start(Select.OneAsync(
            Select.Case(gate.WriteLockAsync(), _ => "writes"),
            Select.Case(gate.ReadLockAsync(), _ => "reads"),
            Select.Case(stop.WaitAsync(), () => "stops")));
        var cancelled = LoopTask.Start(Select.OneAsync(Select.Case(gate.WriteLockAsync(), _ => 1), Select.Case(gate.ReadLockAsync(), _ => 2)));
        await Expect.SettleAsync();
        writing.Dispose();
        Assert.Equal(new ReaderWriterLockStatistics { Readers = 1, WaitingWriters = 2, WaitingReaders = 2 }, gate.Statistics);
        cancelled.Cancel();
        stop.Set();
        Assert.Equal(new ReaderWriterLockStatistics { Readers = 1 }, gate.Statistics);
        Assert.Equal("stops", await selecting);
        await reader;
        Assert.False(gate.IsLocked);
    });

    [Fact]
    public void Tasks_sources_events_and_joins_can_be_selected() => VirtualTime.Run(async () =>
    {
        var source = new CoroutineSource<string>();
        var signal = new AsyncAutoResetEvent();
        var queue = new AsyncQueue<int>();
        queue.TryPut(1);
        async Coroutine<string> WorkAsync(TimeSpan time)
        {
            await Coroutine.Delay(time);
            return $"{time.TotalSeconds}";
        }

        var (quick, slow) = (LoopTask.Start(WorkAsync(Second)), LoopTask.Start(WorkAsync(Hour)));
        Coroutine<string> OneAsync() => Select.OneAsync(
            Select.Case(slow, x => x),
            Select.Case(quick, x => x),
            Select.Case(source, x => x),
            Select.Case(signal.WaitAsync(), () => "signal"),
            Select.Case(queue.JoinAsync(), () => "join"));
        Assert.Equal("1", await OneAsync());
        Assert.Equal(Second, EventLoop.Current.Now);
        Assert.False(slow.IsCompleted);
        Assert.Equal("1", await OneAsync());
        quick = LoopTask.Start(WorkAsync(Hour));
        signal.Set();
        Assert.Equal("signal", await OneAsync());
        Assert.False(signal.IsSet);
        source.SetResult("source");
        queue.TaskDone();
        Assert.Equal("source", await OneAsync());
        slow.Cancel();
        quick.Cancel();
    });

    [Fact]
    public void A_task_that_failed_fails_the_selection() => VirtualTime.Run(async () =>
    {
        var task = LoopTask.Start(Coroutine.FromException<int>(new InvalidTimeZoneException()));
        var queue = new AsyncQueue<int>();
        await ThrowsAsync<InvalidTimeZoneException>(() => Select.OneAsync(Select.Case(queue.GetAsync(), x => x), Select.Case(task, x => x)));
        Assert.Equal(0, queue.Statistics.WaitingGetters);
    });

    [Fact]
    public void Two_delays_that_are_due_at_once_end_it_once() => VirtualTime.Run(async () =>
    {
        Assert.Equal(0, await Select.OneAsync(Select.Case(Coroutine.Delay(Second), () => 0), Select.Case(Coroutine.Delay(Second), () => 1)));
        Assert.Equal(Second, EventLoop.Current.Now);
        Assert.Equal(1, await Select.OneAsync(Select.Case(Coroutine.Delay(Second), () => 0), Select.Case(Coroutine.Delay(TimeSpan.Zero), () => 1)));
        Assert.Equal(2, await Select.OneAsync(Select.Case(Coroutine.Delay(Second), () => 0), Select.Case(Coroutine.Completed, () => 2)));
        await Coroutine.Delay(Hour);
    });

    [Fact]
    public void A_read_that_is_not_taken_leaves_its_bytes() => EventLoop.Run(async () =>
    {
        var queue = new AsyncQueue<int>();
        await using var server = TcpServer.Start(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
        {
            await queue.GetAsync();
            connection.Writer.Write("ab"u8);
            await connection.Writer.DrainAsync();
            await connection.Reader.ReadToEndAsync();
        });
        await using var client = await TcpConnection.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));
        var buffer = new byte[8];
        var other = new AsyncQueue<string>();
        for (var i = 0; i < 3; i++)
        {
            var selecting = LoopTask.Start(Select.OneAsync(Select.Case(client.Reader.ReadAsync(buffer), count => $"{count} bytes"), Select.Case(other.GetAsync(), x => x)));
            await Coroutine.Yield();
            other.TryPut("an item");
            Assert.Equal("an item", await selecting);
        }

        queue.TryPut(1);
        Assert.Equal("2 bytes", await Select.OneAsync(Select.Case(client.Reader.ReadAsync(buffer), count => $"{count} bytes"), Select.Case(other.GetAsync(), x => x)));
        Assert.Equal("ab"u8.ToArray(), buffer[..2]);
        Assert.Equal(0, other.Statistics.WaitingGetters);
    });

    [Fact]
    [Trait("rule", "9")]
    public void A_foreign_task_that_is_not_taken_keeps_its_result() => VirtualTime.Run(async () =>
    {
        var foreign = new TaskCompletionSource<string>();
        var queue = new AsyncQueue<string>();
        Coroutine<string> OneAsync() => Select.OneAsync(Select.Case(foreign.Task.OrCanceled(), x => x), Select.Case(queue.GetAsync(), x => x));
        queue.TryPut("item");
        Assert.Equal("item", await OneAsync());
        foreign.SetResult("foreign");
        Assert.Equal("foreign", await OneAsync());
        Assert.Equal(0, queue.Statistics.WaitingGetters);
    });

    [Fact]
    public void Without_a_wait_it_takes_what_is_there_or_nothing() => VirtualTime.Run(async () =>
    {
        var (queue, gate) = (new AsyncQueue<int>(1), new AsyncLock());
        var holder = LoopTask.Start(async () =>
        {
            using (await gate.LockAsync())
            {
                await Coroutine.Delay(Second);
            }
        });
        await Expect.SettleAsync();
        Assert.False(Select.TryOne(out string? _, Select.Case(queue.GetAsync(), x => $"{x}"), Select.Case(gate.LockAsync(), _ => "lock")));
        Assert.True(Select.TryOne(out var put, Select.Case(queue.GetAsync(), x => $"{x}"), Select.Case(queue.PutAsync(5), () => "put")));
        Assert.Equal("put", put);
        Assert.True(Select.TryOne(out var got, Select.Case(Coroutine.Delay(Second), () => "late"), Select.Case(queue.GetAsync(), x => $"{x}")));
        Assert.Equal("5", got);
        await holder;
        Assert.True(Select.TryOne(out var taken, Select.Case(gate.LockAsync(), x => x)));
        taken.Dispose();
        Assert.False(gate.IsLocked);
        Assert.Equal((0, 0), (queue.Statistics.WaitingGetters, queue.Statistics.WaitingPutters));
        await Select.OneAsync(Select.Case(Coroutine.Delay(Second), () => 0), Select.Case(queue.GetAsync(), x => x));
        Assert.True(Select.TryOne(out var zero, Select.Case(queue.GetAsync(), x => x), Select.Case(Coroutine.Delay(TimeSpan.Zero), () => 0)));
        Assert.Equal(0, zero);
        queue.Shutdown();
        Assert.Throws<QueueShutdownException>(() => Select.TryOne(out _, Select.Case(queue.GetAsync(), x => x)));
    });

    [Fact]
    [Trait("rule", "7")]
    public void In_a_cancelled_scope_it_throws_and_has_taken_nothing() => VirtualTime.Run(() => CancelScope.RunAsync(async scope =>
    {
        var queue = new AsyncQueue<int>();
        queue.TryPut(1);
        scope.Cancel();
        await ThrowsAsync<ScopeCanceledException>(() => Select.OneAsync(Select.Case(queue.GetAsync(), x => x)));
        Assert.Throws<ScopeCanceledException>(() => Select.TryOne(out _, Select.Case(queue.GetAsync(), x => x)));
        Assert.Equal((1, 0), (queue.Count, queue.Statistics.WaitingGetters));
    }));

    [Fact]
    [Trait("rule", "13")]
    public void What_was_served_is_kept_though_it_is_cancelled_in_the_same_turn() => VirtualTime.Run(async () =>
    {
        var (a, b) = (new AsyncQueue<int>(), new AsyncQueue<int>());
        var got = new List<int>();
        var selecting = LoopTask.Start(async () =>
        {
            await Select.OneAsync(Select.Case(a.GetAsync(), got.Add), Select.Case(b.GetAsync(), got.Add));
            await Expect.SettleAsync();
        });
        await Expect.SettleAsync();
        b.TryPut(1);
        selecting.Cancel();
        a.TryPut(2);
        await LoopTask.WhenAny(selecting);
        Assert.True(selecting.IsCanceled);
        Assert.Equal([1], got);
        Assert.Equal((1, 0), (a.Count, b.Count));
    });

    [Fact]
    [Trait("rule", "19")]
    public void What_cannot_be_taken_back_is_refused_with_advice() => VirtualTime.Run(async () =>
    {
        static async Coroutine BodyAsync() => await Coroutine.Yield();
        Assert.Contains("Start it as a task", Assert.Throws<ArgumentException>(() => Select.Case(BodyAsync(), () => 1)).Message);
        var condition = new AsyncCondition();
        using (await condition.LockAsync())
        {
            Assert.Throws<ArgumentException>(() => Select.Case(condition.WaitAsync(), () => 1));
        }

        await ThrowsAsync<ArgumentException>(() => Select.OneAsync<int>());
        await ThrowsAsync<InvalidOperationException>(async () =>
        {
            var used = Coroutine.Delay(Second);
            await used;
            await Select.OneAsync(Select.Case(used, () => 1));
        });
    });

    [Fact]
    public void A_wait_by_hand_whose_abort_refuses_keeps_the_selection_until_it_has_ended() => VirtualTime.Run(async () =>
    {
        Resumption<int>? resumption = null;
        Coroutine<int> ByHand() => Suspend.UntilResumedAsync<int, int>(0, (given, _) => resumption = given, static _ => false, "by hand");
        var queue = new AsyncQueue<int>();
        var selecting = LoopTask.Start(Select.OneAsync(Select.Case(ByHand(), x => x), Select.Case(queue.GetAsync(), x => x)));
        await Expect.SettleAsync();
        queue.TryPut(1);
        await Coroutine.Delay(Second);
        Assert.False(selecting.IsCompleted);
        Assert.True(resumption!.Value.TryResume(2));
        Assert.Equal(1, await selecting);
        var cancelled = LoopTask.Start(Select.OneAsync(Select.Case(ByHand(), x => x), Select.Case(queue.GetAsync(), x => x)));
        await Expect.SettleAsync();
        cancelled.Cancel();
        await Coroutine.Delay(Second);
        Assert.True(resumption.Value.TryResume(3));
        Assert.Equal(3, await cancelled);
        Assert.Equal(0, queue.Statistics.WaitingGetters);
    });

    [Fact]
    public void A_task_list_says_what_it_waits_for() => VirtualTime.Run(async () =>
    {
        var queue = new AsyncQueue<int>();
        var selecting = LoopTask.Start(Select.OneAsync(Select.Case(queue.GetAsync(), x => x), Select.Case(Coroutine.Delay(Second), () => 1)));
        await Expect.SettleAsync();
        Assert.StartsWith("the first of: an item of a queue; a delay that ends in", selecting.WaitsFor);
        Assert.Equal(1, await selecting);
    });

    [Fact]
    [Trait("rule", "4")]
    public void Foreign_code_selects_too() => VirtualTime.Run(async () =>
    {
        var (a, b) = (new AsyncQueue<int>(), new AsyncQueue<int>());
        async Task<int> ForeignAsync() => await Select.OneAsync(Select.Case(a.GetAsync(), x => x), Select.Case(b.GetAsync(), x => x));
        var flow = ForeignAsync();
        await Expect.SettleAsync();
        b.TryPut(1);
        a.TryPut(2);
        Assert.Equal(1, await flow);
        Assert.Equal(1, a.Count);
    });
}
