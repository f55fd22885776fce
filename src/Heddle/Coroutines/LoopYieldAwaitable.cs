using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Heddle.LowLevel;

/// <summary>What <see cref="Coroutine.Yield"/> returns; await it at once.</summary>
public readonly struct LoopYieldAwaitable
{
    /// <summary>Used by the compiler.</summary>
    /// <exception cref="InvalidOperationException">No task runs on this thread.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public LoopYieldAwaiter GetAwaiter()
    {
        if (Runner.Current is null)
        {
            Misuse.ThrowNoLoop();
        }

        return default;
    }
}

/// <summary>Awaits a <see cref="LoopYieldAwaitable"/>. Used by the compiler.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct LoopYieldAwaiter : ICriticalNotifyCompletion
{
    /// <summary>Always false.</summary>
    public bool IsCompleted => false;

    /// <summary>Ends the await.</summary>
    /// <exception cref="ScopeCanceledException">The current scope is cancelled.</exception>
    public void GetResult()
    {
        var thread = PerThread.This;
        thread.Runner!.ThrowIfCanceled(thread.Posted is not null);
    }

    /// <summary>For other builders: posts the continuation to the current task, in the ambient context of now.</summary>
    public void OnCompleted(Action continuation) => ForeignAwait.Register(null, AmbientContext.Flowing(continuation));

    /// <summary>The same for one who keeps the ambient context himself.</summary>
    public void UnsafeOnCompleted(Action continuation) => ForeignAwait.Register(null, continuation);
}
