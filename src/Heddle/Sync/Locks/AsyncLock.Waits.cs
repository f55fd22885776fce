using System.Runtime.CompilerServices;

namespace Heddle;

/// <content>Waiting for it.</content>
public sealed partial class AsyncLock
{
    /// <summary>Stands in the lock's line.</summary>
    internal abstract class LockWaiter(AsyncLock owner, string member) : SyncWait<Releaser>(owner._binding, member)
    {
        protected AsyncLock Lock => owner;

        /// <summary>It is this one's turn, and it is out of the line: takes the lock and goes on.</summary>
        internal abstract void OnHandedOver();
    }

    private sealed class LockWait(AsyncLock owner) : LockWaiter(owner, "AsyncLock.LockAsync")
    {
        internal override string Describe() => Lock.IsLocked ? $"a lock that '{Holders.NameOf(Lock._binding, Lock._holder)}' has" : "a lock";

        internal override void OnHandedOver()
        {
            Grant(Runner);
            Resume();
        }

        protected override bool CanGrant(LoopTask task) => Lock._ticket == 0;

        protected override void Grant(LoopTask task) => Value = new(Lock, Lock.Take(task));

        protected override Exception? TryEnqueue(LoopTask task)
        {
            var refusal = Lock.RefuseReentry(task);
            if (refusal is null)
            {
                Lock._waiters.Add(this);
            }

            return refusal;
        }

        protected override bool Abort()
        {
            Lock._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => Lock._frames.Return(this);
    }

    /// <summary>
    /// A holder that has lent the lock out, for the time of a condition's wait: in the end it stands in line again, and gets
    /// the lock back under the ticket that it had, so that its releaser stays good.
    /// </summary>
    internal abstract class Lender(AsyncLock owner, string member) : LockWaiter(owner, member)
    {
        private long _ticket;

        protected void Lend()
        {
            _ticket = Lock._ticket;
            Lock.GiveBack();
        }

        /// <summary>True if it has the lock back at once; else it stands in line, and <see cref="OnReturned"/> follows.</summary>
        protected bool TryGetBack()
        {
            if (Lock.IsLocked)
            {
                Lock._waiters.Add(this);
                return false;
            }

            TakeBack();
            return true;
        }

        internal sealed override void OnHandedOver()
        {
            TakeBack();
            OnReturned();
        }

        /// <summary>It has the lock again.</summary>
        protected abstract void OnReturned();

        private void TakeBack()
        {
            Lock._holder = Runner.Id;
            Lock._ticket = _ticket;
        }
    }
}
