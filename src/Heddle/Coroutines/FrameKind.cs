namespace Heddle;

/// <summary>Numbers the kinds of frames that threads keep free ones of.</summary>
/// <typeparam name="T">
/// What makes the kind: the state machine, or the frame's own type. A state machine is a struct, for which the JIT compiles
/// code of its own, in which the number is a constant.
/// </typeparam>
internal static class FrameKind<T>
{
    internal static readonly int Number = FrameKinds.Next();
}

internal static class FrameKinds
{
    private static int s_last = -1;

    internal static int Next() => Interlocked.Increment(ref s_last);
}
