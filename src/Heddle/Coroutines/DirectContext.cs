namespace Heddle;

/// <summary>
/// What a wait for something foreign gives the awaiter to capture: it calls back where the awaited ends, on whatever thread. With no
/// context to capture, what ends on a loop's thread, or is to run its continuations asynchronously, calls back by way of the pool.
/// </summary>
/// <remarks>Only for delegates that may be called anywhere and do next to nothing there, such as one that makes a task ready.</remarks>
internal sealed class DirectContext : SynchronizationContext
{
    internal static readonly DirectContext Instance = new();

    private DirectContext()
    {
    }

    public override void Post(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
