using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Lets in many who read, or one who writes.</summary>
/// <remarks>
/// Fair: one line for both, in the order of coming. Readers who stand next to each other go in together, and nobody passes
/// those who wait; so neither a stream of readers nor one of writers can keep the other out. When a writer who waits is
/// cancelled, the readers behind it go in if readers are in. It belongs to the task that took it, which must not take it again
/// where that could never end: neither from reading to writing nor the other way round. For cancellation and loops as
/// <see cref="AsyncLock"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class AsyncReaderWriterLock : IReleasable
{
    private readonly Holders _readers = new();
    private readonly Holders _writer = new();
    private readonly LoopBinding _binding = new();
    private WaiterList<Releaser> _waiters;
    private WaitFrames<EntryWait> _frames;

    /// <summary>Whether anyone reads or writes.</summary>
    public bool IsLocked => IsReadLocked || IsWriteLocked;

    /// <summary>Whether anyone reads.</summary>
    public bool IsReadLocked => _readers.Count > 0;

    /// <summary>Whether a task writes.</summary>
    public bool IsWriteLocked => _writer.Count > 0;

    /// <summary>What it looks like now. Loop thread only, or while its loop is not running.</summary>
    public ReaderWriterLockStatistics Statistics
    {
        get
        {
            var writers = 0;
            for (var waiter = _waiters.First; waiter is not null; waiter = waiter.Next)
            {
                writers += ((EntryWait)waiter).IsWriter ? 1 : 0;
            }

            return new()
            {
                Readers = _readers.Count,
                Writer = _writer.Tasks.FirstOrDefault()?.Name,
                WaitingReaders = _waiters.Count - writers,
                WaitingWriters = writers,
            };
        }
    }

    /// <summary>Goes in to read, beside others who do, when all who came before have had their turn.</summary>
    /// <returns>What ends the reading when it is disposed of; a second time does nothing.</returns>
    /// <exception cref="InvalidOperationException">The task is in already and would wait for itself, or this is not the lock's loop.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; the lock was not taken.</exception>
    public Coroutine<Releaser> ReadLockAsync() => Rent(isWriter: false);

    /// <summary>Goes in to write, alone, when all who came before have had their turn.</summary>
    /// <returns>What ends the writing when it is disposed of; a second time does nothing.</returns>
    /// <inheritdoc cref="ReadLockAsync"/>
    public Coroutine<Releaser> WriteLockAsync() => Rent(isWriter: true);

    /// <summary>Goes in to read if nobody writes and nobody waits.</summary>
    /// <exception cref="InvalidOperationException">No task of the lock's loop runs on this thread.</exception>
    public bool TryReadLock(out Releaser releaser) => TryEnter(isWriter: false, out releaser);

    /// <summary>Goes in to write if nobody is in and nobody waits.</summary>
    /// <exception cref="InvalidOperationException">No task of the lock's loop runs on this thread.</exception>
    public bool TryWriteLock(out Releaser releaser) => TryEnter(isWriter: true, out releaser);

    /// <summary>Ends the running task's reading, for code that does not keep the releaser.</summary>
    /// <exception cref="InvalidOperationException">The task does not read, or this is not the lock's loop.</exception>
    public void ReleaseRead()
    {
        _binding.Verify("AsyncReaderWriterLock.ReleaseRead");
        if (!_readers.Remove(_readers.FindReleasable()))
        {
            throw NotHeld("ReleaseRead", "read");
        }

        LetIn();
    }

    /// <summary>Ends the running task's writing, for code that does not keep the releaser.</summary>
    /// <exception cref="InvalidOperationException">The task does not write, or this is not the lock's loop.</exception>
    public void ReleaseWrite()
    {
        _binding.Verify("AsyncReaderWriterLock.ReleaseWrite");
        if (!_writer.Remove(_writer.FindReleasable()))
        {
            throw NotHeld("ReleaseWrite", "write");
        }

        LetIn();
    }

    /// <summary>Who is in and how many wait.</summary>
    public override string ToString()
    {
        var inside = IsWriteLocked ? $"'{_writer.Tasks.First().Name}' writes" : IsReadLocked ? $"{_readers.Count} reading" : "free";
        return $"AsyncReaderWriterLock ({inside}, {_waiters.Count} waiting)";
    }

    /// <summary>A writer's tickets are negative, so that no reader has the same.</summary>
    void IReleasable.GiveBack(long ticket)
    {
        _binding.Verify("Releaser.Dispose");
        if (ticket < 0 ? _writer.Remove(-ticket) : _readers.Remove(ticket))
        {
            LetIn();
        }
    }

    private InvalidOperationException NotHeld(string member, string verb) => new(
        $"AsyncReaderWriterLock.{member} was called by {LoopTask.Current?.Describe() ?? "no task"}, which does not {verb}: {this}. It ended "
        + $"that already, or another task has the lock. Prefer 'using (await gate.{(verb == "read" ? "Read" : "Write")}LockAsync())', which ends it exactly once.");

    private Coroutine<Releaser> Rent(bool isWriter)
    {
        var wait = _frames.TryRent(_binding) ?? new EntryWait(this);
        wait.IsWriter = isWriter;
        return new(wait);
    }

    private bool TryEnter(bool isWriter, out Releaser releaser)
    {
        var task = _binding.Bind(isWriter ? "AsyncReaderWriterLock.TryWriteLock" : "AsyncReaderWriterLock.TryReadLock");
        var canEnter = _waiters.IsEmpty && CanEnter(isWriter);
        releaser = canEnter ? Enter(task, isWriter, isOwn: false) : default;
        return canEnter;
    }

    /// <summary>As far as those go who are in.</summary>
    private bool CanEnter(bool isWriter) => !IsWriteLocked && (!isWriter || !IsReadLocked);

    private Releaser Enter(LoopTask task, bool isWriter, bool isOwn)
        => new(this, isWriter ? -_writer.Add(task, isOwn) : _readers.Add(task, isOwn));

    /// <summary>All at the head of the line that can go in now.</summary>
    private void LetIn()
    {
        while (_waiters.First is EntryWait next && CanEnter(next.IsWriter))
        {
            _waiters.TakeFirst();
            next.OnLetIn();
        }
    }

    /// <summary>The error of a task that would wait for itself to leave; null for any other.</summary>
    private InvalidOperationException? RefuseReentry(LoopTask task, bool isWriter)
    {
        if (_writer.Has(task))
        {
            return new($"{task.Describe()} writes under this AsyncReaderWriterLock and waits for it, which would be for ever. Likely a method that "
                + "takes the lock calls another that takes it too. Take it once, in the outer one.");
        }

        return IsReadLocked && (isWriter || !_waiters.IsEmpty) && _readers.Has(task)
            ? new($"{task.Describe()} reads under this AsyncReaderWriterLock and waits to {(isWriter ? "write" : "read again, behind a writer")}, "
                + "which would be for ever. End the reading first, or take the lock for writing from the beginning.")
            : null;
    }

    private sealed class EntryWait(AsyncReaderWriterLock owner) : SyncWait<Releaser>(owner._binding, "AsyncReaderWriterLock")
    {
        internal bool IsWriter { get; set; }

        internal override string Describe() => IsWriter ? "a reader-writer lock, to write" : "a reader-writer lock, to read";

        internal void OnLetIn()
        {
            Grant(WaitingTask);
            Resume();
        }

        internal override bool CanCompleteNow()
        {
            Status = FrameStatus.Cold;
            return false;
        }

        protected override bool CanGrant(LoopTask task)
            => owner._waiters.IsEmpty && owner.CanEnter(IsWriter);

        protected override void Grant(LoopTask task) => Value = owner.Enter(task, IsWriter, IsTakenByTask);

        protected override Exception? Refuse(LoopTask task) => owner.RefuseReentry(task, IsWriter);

        protected override void Enqueue(LoopTask task) => owner._waiters.Add(this);

        protected override bool Abort()
        {
            owner._waiters.Remove(this);
            owner.LetIn();
            return true;
        }

        protected override void ReturnToPrimitive() => owner._frames.Return(this);
    }
}

/// <summary>An <see cref="AsyncReaderWriterLock"/> at one moment.</summary>
public readonly record struct ReaderWriterLockStatistics
{
    /// <summary>How many have it for reading.</summary>
    public int Readers { get; init; }

    /// <summary>The name of the task that has it for writing.</summary>
    public string? Writer { get; init; }

    /// <summary>How many tasks wait to read.</summary>
    public int WaitingReaders { get; init; }

    /// <summary>How many tasks wait to write.</summary>
    public int WaitingWriters { get; init; }
}
