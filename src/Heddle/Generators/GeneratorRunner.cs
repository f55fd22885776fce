using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Steps a generator's body, and the bodies that it delegates to, whenever it is called.</summary>
/// <remarks>
/// Delegating is awaiting: the inner generator's frames stand on the outer one's stack, so a step costs the same at any
/// depth. What is sent and thrown goes to <see cref="Active"/>, and what that yields comes out.
/// </remarks>
internal sealed class GeneratorRunner : Runner
{
    /// <summary>What was the thread's at the last step; it is again between steps.</summary>
    private Runner? _outer;

    internal GeneratorRunner(GeneratorPort port)
        : base(isDrivenByHand: true)
    {
        Active = port;
        State = RunnerState.KeptBack;
    }

    /// <summary>The innermost of those that delegate to each other: whose body runs, or waits at a yield.</summary>
    internal GeneratorPort Active { get; set; }

    internal override Runner? Outer => _outer;

    /// <summary>Goes on until a yield, which leaves it suspended, or until the end.</summary>
    internal void Run()
    {
        var thread = PerThread.This;
        var outer = thread.Runner;
        if (!ReferenceEquals(_outer, outer))
        {
            _outer = outer;
        }

        thread.Runner = this;
        RunFrames(depth: 0);
        if (outer is null)
        {
            // To write null needs no write barrier.
            thread.Runner = null;
        }
        else
        {
            thread.Runner = outer;
        }
    }

    /// <summary>A frame is called: goes on with it, for there is nobody to give a turn to, unless it would wait.</summary>
    internal override void Reschedule()
    {
        LetNothingCompleteAtOnce();
        if (Top is { Status: FrameStatus.Cold } called)
        {
            Meet(called);
        }
    }

    internal override Action SuspendForForeign(Frame awaiting, ForeignKind awaiter)
    {
        Active.GiveUpBody(this, Misuse.ForeignInGenerator(awaiter.Awaiter));
        return static () => { };
    }

    internal override void Abandon(Frame wait, Exception failure)
    {
        // The body has been given up.
    }

    /// <summary>Code of another builder, which the body has called, is a flow of the task's that called the generator.</summary>
    internal override void RunBeside(Frame frame, Action continuation)
    {
        if (Outer is { } outer)
        {
            outer.RunBeside(frame, continuation);
        }
        else
        {
            // The awaiter will say that nothing has run.
            ThreadPool.QueueUserWorkItem(static state => ((Action)state!)(), continuation);
        }
    }

    internal override void ThrowIfCanceled(bool isPosted) => RefuseWait();

    [DoesNotReturn]
    internal override void RefuseWait()
    {
        Active.TryBreak();
        throw Misuse.NeedsTask();
    }

    /// <summary>The cold frame at the top is stepped next, if that needs no task.</summary>
    /// <remarks>Not inlined: the code of a step, which it would be in, is faster when it is small.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Meet(Frame called)
    {
        // By the time it ends, the generator may be on another thread.
        called.Home = null;
        if (called.RefuseWithoutTask())
        {
            // Its awaiter throws; but what a broken body awaits next ends it, lest it go on for ever.
            Top = called.Parent;
            if (!Active.TryBreak())
            {
                Active.GiveUpBody(this, Misuse.NeedsTask());
            }
        }
    }
}
