using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Looks over all processes of the machine, for a loop whose children are being stopped. Loop thread only.</summary>
/// <remarks>
/// A look costs what the machine has of processes, so all that want one in the same pass of the loop, or while one is under way, share
/// the next, and it is made on a thread of its own: neither the loop nor the pool waits for it.
/// </remarks>
internal sealed class ProcessLooks
{
    private static readonly ConditionalWeakTable<EventLoop, ProcessLooks> s_ofLoops = [];

    private CoroutineSource<ProcessTable>? _next;
    private CoroutineSource<ProcessTable>? _underWay;

    /// <summary>What a look sees that begins after this call.</summary>
    internal static async Coroutine<ProcessTable> LookAsync()
    {
        var loop = EventLoop.Current;
        var looks = s_ofLoops.GetOrCreateValue(loop);
        if (looks._next is null)
        {
            looks._next = new();
            loop.BeginForeignWait();
            loop.Submit(static state => state.looks.Begin(state.loop), (looks, loop));
        }

        return await looks._next;
    }

    private void Begin(EventLoop loop)
    {
        if (_underWay is null)
        {
            (_underWay, _next) = (_next, null);
            try
            {
                new Thread(() => Look(loop)) { IsBackground = true, Name = "Heddle's look for processes" }.UnsafeStart();
            }
            catch (OutOfMemoryException)
            {
                // The system has no thread left, and less than ever a child is to go on.
                Look(loop);
            }
        }
    }

    private void Look(EventLoop loop)
    {
        ProcessTable? table = null;
        Exception? failure = null;
        try
        {
            table = ProcessTable.Read();
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }

        loop.Submit(static state => state.looks.End(state.loop, state.table, state.failure), (looks: this, loop, table, failure));
    }

    private void End(EventLoop loop, ProcessTable? table, Exception? failure)
    {
        loop.EndForeignWait();
        var ended = _underWay!;
        _underWay = null;
        if (_next is not null)
        {
            Begin(loop);
        }

        if (table is not null)
        {
            ended.SetResult(table);
        }
        else
        {
            ended.SetException(failure!);
        }
    }
}
