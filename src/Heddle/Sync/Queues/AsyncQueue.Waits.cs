using System.Runtime.CompilerServices;

namespace Heddle;

/// <content>Waiting for items, for room and for the end of the work.</content>
public partial class AsyncQueue<T>
{
    private static QueueShutdownException NoMoreItems() => new(
        "The queue is shut down and empty, so there will be no more items. End the loop that gets them: 'await foreach' over the queue does.");

    private static QueueShutdownException TakesNoItems() => new(
        "The queue is shut down and takes no more items. End what puts them before the queue is shut down, or expect this.");

    private sealed class GetWait(AsyncQueue<T> queue) : SyncWait<T>(queue._binding, "GetAsync")
    {
        internal override string Describe() => "an item of a queue";

        internal void OnHandedOver(T item)
        {
            Value = item;
            Resume();
        }

        internal void OnShutdown() => Fail(NoMoreItems());

        protected override bool CanGrant(LoopTask task) => queue._count > 0;

        protected override void Grant(LoopTask task) => Value = queue.Get();

        protected override Exception? Refuse(LoopTask task) => queue.IsShutdown ? NoMoreItems() : null;

        protected override void Enqueue(LoopTask task) => queue._getters.Add(this);

        protected override bool Abort()
        {
            queue._getters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => queue._getFrames.Return(this);
    }

    private sealed class PutWait(AsyncQueue<T> queue) : SyncWait<Nothing>(queue._binding, "PutAsync")
    {
        /// <summary>In the queue only once there is room; so a wait that ends otherwise has put nothing.</summary>
        internal T Item = default!;

        internal override string Describe() => "room in a queue";

        internal void OnRoom()
        {
            try
            {
                queue.Put(Item);
            }
            catch (Exception failure)
            {
                // A comparer's: it concerns who puts the item, and not who has made room by taking another out.
                Fail(failure);
                return;
            }

            Resume();
        }

        internal void OnShutdown() => Fail(TakesNoItems());

        protected override bool CanGrant(LoopTask task) => queue.CanPut;

        protected override void Grant(LoopTask task) => queue.Put(Item);

        protected override Exception? Refuse(LoopTask task) => queue.IsShutdown ? TakesNoItems() : null;

        protected override void Enqueue(LoopTask task) => queue._putters.Add(this);

        protected override bool Abort()
        {
            queue._putters.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive()
        {
            if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            {
                Item = default!;
            }

            queue._putFrames.Return(this);
        }
    }

    private sealed class JoinWait(AsyncQueue<T> queue) : SyncWait<Nothing>(queue._binding, "JoinAsync")
    {
        internal override string Describe() => $"{queue.UnfinishedItems} unfinished items of a queue";

        internal void OnFinished() => Resume();

        protected override bool CanGrant(LoopTask task) => queue.UnfinishedItems == 0;

        protected override void Grant(LoopTask task)
        {
        }

        protected override void Enqueue(LoopTask task) => queue._joiners.Add(this);

        protected override bool Abort()
        {
            queue._joiners.Remove(this);
            return true;
        }

        protected override void ReturnToPrimitive() => queue._joinFrames.Return(this);
    }
}
