using Heddle.LowLevel;

namespace Heddle;

/// <content>Closing what the task's own scope holds, before the task ends.</content>
public partial class LoopTask
{
    /// <summary>Whether the task's own scope has held something, so that its end must look.</summary>
    internal bool HasHeldResources { get; set; }

    /// <summary>The first frame has ended: runs the closing in its place, and ends with it after that.</summary>
    private void CloseResourcesAndEnd()
    {
        HasHeldResources = false;
        var root = Top!;
        var closing = Scope.CloseResourcesAsync(isFailing: !root.HasSucceeded).Take();
        closing.Parent = new EndAfterClosing(root, closing);
        Top = closing;
        Yield();
    }

    /// <summary>What the closing returns to.</summary>
    private sealed class EndAfterClosing(Frame root, Frame closing) : Frame
    {
        internal override Frame? Step(Runner runner, int depth)
        {
            // The closing fails only where the body did not, and then that is how the task ends.
            runner.Top = closing.HasSucceeded ? root : closing;
            runner.State = RunnerState.Ended;
            return null;
        }

        internal override Failure GetFailure() => throw new System.Diagnostics.UnreachableException();

        internal override void Recycle()
        {
        }
    }
}
