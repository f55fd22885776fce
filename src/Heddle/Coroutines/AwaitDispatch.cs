using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What the builders do at an <c>await</c>: call a frame, yield, or wait for something foreign. Never throws.</summary>
internal static class AwaitDispatch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Await<T, TAwaiter>(AsyncFrame<T> frame, ref TAwaiter awaiter)
        where TAwaiter : INotifyCompletion
    {
        // The tests below are constants for the JIT, since these awaiters are structs.
        if (default(TAwaiter) is not null && awaiter is ICoroutineAwaiter)
        {
            // Every ICoroutineAwaiter is one field, the frame; a call through the interface would box.
            frame.Await(Unsafe.As<TAwaiter, Frame?>(ref awaiter));
        }
        else if (typeof(TAwaiter) == typeof(LoopYieldAwaiter))
        {
            frame.Status = FrameStatus.Yielding;
        }
        else
        {
            frame.Status = FrameStatus.Running;
            AwaitForeign(frame, ref awaiter);
        }
    }

    private static void AwaitForeign<TAwaiter>(Frame frame, ref TAwaiter awaiter)
        where TAwaiter : INotifyCompletion
    {
        var runner = Runner.Current!;
        var context = SynchronizationContext.Current;
        var resume = runner.SuspendForForeign(frame, ForeignKind<TAwaiter>.Instance);
        var wait = runner.Top!;
        if (wait.AwaiterCopy is { } copy)
        {
            Unsafe.As<AwaiterCopy<TAwaiter>>(copy).Awaiter = awaiter;
        }

        try
        {
            if (ForeignKind<TAwaiter>.Instance.CallsBackDirectly)
            {
                // The delegate finds its way to the loop from any thread.
                SynchronizationContext.SetSynchronizationContext(DirectContext.Instance);
            }

            if (default(TAwaiter) is not null && awaiter is ICriticalNotifyCompletion)
            {
                ((ICriticalNotifyCompletion)awaiter).UnsafeOnCompleted(resume);
            }
            else
            {
                awaiter.OnCompleted(resume);
            }
        }
        catch (Exception failure)
        {
            // The state machine cannot be resumed: its awaiter's GetResult may block for ever.
            runner.Abandon(wait, Misuse.ForeignAwaiterThrew(typeof(TAwaiter), failure));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
