namespace Heddle;

/// <summary>The errors of context managers.</summary>
internal static class ContextErrors
{
    internal static InvalidOperationException DidNotYield() => new(
        "The body of a context manager ended without a yield, so there is nothing to run the code with. It is to yield exactly "
        + "once: await co.Yield(value).");

    internal static InvalidOperationException DidNotStop() => new(
        "The body of a context manager yielded twice. It is to yield exactly once, and to end after that; it was closed.");

    internal static InvalidOperationException LeftBefore() => new(
        "This context was left before. Leave it once for each time that it was entered, or use Run, which does that.");

    /// <summary>Whether the body let the exception pass. A StopIterationException that passes through a generator comes out wrapped.</summary>
    internal static bool IsSame(Exception thrown, Exception failure)
        => ReferenceEquals(thrown, failure)
            || (failure is StopIterationException && ReferenceEquals(thrown.InnerException, failure));
}
