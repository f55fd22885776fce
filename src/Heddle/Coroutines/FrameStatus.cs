namespace Heddle;

/// <summary>Where a <see cref="Frame"/> stands in its life. The order matters: all from <see cref="Succeeded"/> on have ended.</summary>
internal enum FrameStatus : byte
{
    /// <summary>In its pool; only stale handles point to it.</summary>
    Pooled,

    /// <summary>Made and not yet begun.</summary>
    Cold,

    /// <summary>Cold, and of a kind that can often be had at once: the awaiter asks it first.</summary>
    Eager,

    /// <summary>Begun and not yet ended; of a body whose step is over, that it waits for something foreign.</summary>
    Running,

    /// <summary>A body whose step is over: it awaits a frame. The builder only notes that; the frame, which has the runner at hand, acts on it.</summary>
    Calling,

    /// <summary>A body whose step is over: it awaits its next turn.</summary>
    Yielding,

    /// <summary>A suspension whose wait is being taken back: it can neither be resumed nor taken back again meanwhile.</summary>
    Aborting,

    /// <summary>Ended; its value waits to be taken.</summary>
    Succeeded,

    /// <summary>The same, of a body: nothing of it is left but the value.</summary>
    Returned,

    /// <summary>Ended with a failure that waits to be taken.</summary>
    Failed,

    /// <summary>A suspension that was taken back because its scope is cancelled.</summary>
    Canceled,

    /// <summary>A suspension whose beginning threw, which fails the await.</summary>
    Broken,
}
