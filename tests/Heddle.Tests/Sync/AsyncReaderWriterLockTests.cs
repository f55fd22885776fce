using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Sync;

public class AsyncReaderWriterLockTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void Readers_are_in_together_and_writers_alone() => VirtualTime.RunInOrder(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        await Coroutine.WhenAll(ReadAsync(gate, "r1"), ReadAsync(gate, "r2"), WriteAsync(gate, "w1"), WriteAsync(gate, "w2"), ReadAsync(gate, "r3"));
        Assert.Equal(["0: r1", "0: r2", "1: w1", "2: w2", "3: r3"], _log);
        Assert.False(gate.IsLocked);
    });

    [Fact]
    [Trait("pitfall", "16")]
    public void A_reader_does_not_pass_a_writer_who_waits_and_readers_behind_it_go_in_together() => VirtualTime.RunInOrder(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        var reader = LoopTask.Start(ReadAsync(gate, "r1"));
        var writer = LoopTask.Start(WriteAsync(gate, "w"));
        await Coroutine.Yield();
        Assert.False(gate.TryReadLock(out _));
        Assert.Equal(new ReaderWriterLockStatistics { Readers = 1, WaitingWriters = 1 }, gate.Statistics);
        await Coroutine.WhenAll(ReadAsync(gate, "r2"), ReadAsync(gate, "r3"), WriteAsync(gate, "w2"), ReadAsync(gate, "r4"));
        Assert.Equal(["0: r1", "1: w", "2: r2", "2: r3", "3: w2", "4: r4"], _log);
        Assert.True(reader.IsCompleted && writer.IsCompleted);
    });

    [Fact]
    public void Neither_a_stream_of_readers_nor_one_of_writers_starves_the_other() => VirtualTime.RunInOrder(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        await CancelScope.MoveOnAfterAsync(Second * 20, _ => Coroutine.WhenAll(
            Enumerable.Range(0, 3).SelectMany(i => new[] { ForEverAsync(() => ReadAsync(gate, "r")), ForEverAsync(() => WriteAsync(gate, "w")) })));
        Assert.InRange(_log.Count(line => line.EndsWith('w')), 5, 20);
        Assert.InRange(_log.Count(line => line.EndsWith('r')), 5, 60);
        Assert.False(gate.IsLocked);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Trait("pitfall", "19")]
    public void Writers_who_are_cancelled_let_the_readers_behind_them_in(int writers) => VirtualTime.RunInOrder(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        using var reading = await gate.ReadLockAsync();
        var tasks = Enumerable.Range(0, writers).Select(i => LoopTask.Start(WriteAsync(gate, "w"))).ToArray();
        var readers = new[] { "r1", "r2" }.Select(name => LoopTask.Start(ReadAsync(gate, name))).ToArray();
        await Coroutine.Yield();
        Assert.Empty(_log);
        foreach (var task in tasks)
        {
            task.Cancel();
        }

        await readers[0];
        await readers[1];
        Assert.Equal(["0: r1", "0: r2"], _log);
    });

    [Fact]
    [Trait("pitfall", "19")]
    public void A_writer_that_times_out_lets_the_readers_behind_it_in() => VirtualTime.RunInOrder(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        var reading = LoopTask.Start(async () =>
        {
            using (await gate.ReadLockAsync())
            {
                await Coroutine.Delay(Hour);
            }
        });
        var writer = LoopTask.Start(() => gate.WriteLockAsync().WithTimeout(Second));
        await Coroutine.Yield();
        await ReadAsync(gate, "r");
        Assert.Equal(["1: r"], _log);
        await ThrowsAsync<TimeoutException>(async () => await writer);
        await reading;
    });

    [Fact]
    [Trait("rule", "19")]
    public void What_would_wait_for_itself_throws_and_advises() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        using (await gate.WriteLockAsync())
        {
            Assert.Contains("'main' writes under", (await ThrowsAsync<InvalidOperationException>(() => gate.WriteLockAsync())).Message);
            await ThrowsAsync<InvalidOperationException>(() => gate.ReadLockAsync());
        }

        using (await gate.ReadLockAsync())
        {
            Assert.Contains("waits to write", (await ThrowsAsync<InvalidOperationException>(() => gate.WriteLockAsync())).Message);
            using (await gate.ReadLockAsync())
            {
            }

            var writer = LoopTask.Start(gate.WriteLockAsync());
            await Expect.SettleAsync();
            Assert.Contains("behind a writer", (await ThrowsAsync<InvalidOperationException>(() => gate.ReadLockAsync())).Message);
            writer.Cancel();
        }

        Assert.False(gate.IsLocked);
    });

    [Fact]
    [Trait("rule", "19")]
    public void Releasing_without_the_releaser_works_for_the_holder_and_throws_for_others() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        await gate.ReadLockAsync();
        Assert.Throws<InvalidOperationException>(gate.ReleaseWrite);
        gate.ReleaseRead();
        Assert.Contains("which does not read", Assert.Throws<InvalidOperationException>(gate.ReleaseRead).Message);
        await gate.WriteLockAsync();
        gate.ReleaseWrite();
        var writer = LoopTask.Start(WriteAsync(gate, "w"), "writer");
        await Expect.SettleAsync();
        Assert.Equal("AsyncReaderWriterLock ('writer' writes, 0 waiting)", gate.ToString());
        Assert.Throws<InvalidOperationException>(gate.ReleaseWrite);
        await writer;
        Assert.Equal("AsyncReaderWriterLock (free, 0 waiting)", gate.ToString());
    });

    [Fact]
    public void Disposing_of_a_releaser_twice_releases_once() => VirtualTime.Run(async () =>
    {
        var gate = new AsyncReaderWriterLock();
        var first = await gate.ReadLockAsync();
        var second = await gate.ReadLockAsync();
        first.Dispose();
        first.Dispose();
        Assert.True(gate.IsReadLocked);
        Assert.False(gate.TryWriteLock(out _));
        second.Dispose();
        Assert.True(gate.TryWriteLock(out var writing));
        second.Dispose();
        Assert.True(gate.IsWriteLocked);
        writing.Dispose();
        default(Releaser).Dispose();
    });

    private static async Coroutine ForEverAsync(Func<Coroutine> action)
    {
        while (true)
        {
            await action();
        }
    }

    private async Coroutine ReadAsync(AsyncReaderWriterLock gate, string name)
    {
        using (await gate.ReadLockAsync())
        {
            await InsideAsync(name);
        }
    }

    private async Coroutine WriteAsync(AsyncReaderWriterLock gate, string name)
    {
        using (await gate.WriteLockAsync())
        {
            Assert.False(gate.IsReadLocked);
            await InsideAsync(name);
        }
    }

    private async Coroutine InsideAsync(string name)
    {
        _log.Add($"{EventLoop.Current.Now.TotalSeconds}: {name}");
        await Coroutine.Delay(Second);
    }
}
