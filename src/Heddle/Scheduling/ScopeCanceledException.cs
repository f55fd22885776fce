namespace Heddle;

/// <summary>Thrown by every suspension in a cancelled <see cref="CancelScope"/>.</summary>
/// <remarks>Let it pass: the scope that it belongs to swallows it. Clean up in <c>finally</c>, under <c>CancelScope.ShieldAsync</c> where that has to await.</remarks>
public class ScopeCanceledException : OperationCanceledException
{
    internal ScopeCanceledException(CancelScope scope, string? reason, Exception? innerException, string? requestedAt = null)
        : base(Describe(reason, requestedAt), innerException)
    {
        Scope = scope;
        Reason = reason;
        RequestedAt = requestedAt;
    }

    /// <summary>The scope that was cancelled.</summary>
    public CancelScope Scope { get; }

    /// <summary>The reason given to its cancellation, if any.</summary>
    public string? Reason { get; }

    /// <summary>The place in the code that asked for the cancellation; null outside of debug mode, and for what nobody asked for, such as a deadline.</summary>
    public string? RequestedAt { get; }

    private static string Describe(string? reason, string? place)
        => $"The scope was cancelled{(reason is null ? "" : $": {reason}")}{(place is null ? "" : $" (in {place})")}.";
}
