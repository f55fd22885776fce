namespace Heddle;

/// <summary>What an <see cref="AsyncFrame{T}"/> awaits when its body's step returns.</summary>
/// <remarks>
/// The builder only notes it, and the frame acts on it once the body has returned: there the runner is at hand, and need
/// not be looked up in the thread.
/// </remarks>
internal enum AwaitKind : short
{
    /// <summary>Something foreign.</summary>
    Foreign,

    /// <summary>A frame that the runner is to step.</summary>
    Call,

    /// <summary>The next turn.</summary>
    Yield,
}
