using Heddle.LowLevel;

namespace Heddle;

/// <summary>A Heddle awaitable awaited by code that another builder made: <c>async Task</c>, an async iterator.</summary>
internal static class ForeignAwait
{
    /// <summary>Never throws: an exception out of an awaiter's OnCompleted would end the process.</summary>
    internal static void Register(Frame? frame, Action continuation)
    {
        if (Runner.Current is not { } runner)
        {
            // The thread was left between GetAwaiter and here; GetResult will say that nothing has run.
            ThreadPool.QueueUserWorkItem(static state => ((Action)state!)(), continuation);
        }
        else if (frame is not { Status: FrameStatus.Cold or FrameStatus.Eager })
        {
            // As part of the flow that awaits, whatever context foreign code has set meanwhile.
            (PerThread.This.Posted ?? runner.ContextOfSteps).Post(static state => ((Action)state!)(), continuation);
        }
        else
        {
            runner.RunBeside(frame, continuation);
        }
    }
}
