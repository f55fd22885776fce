namespace Heddle;

/// <summary>Thrown by every suspension in a cancelled <see cref="CancelScope"/>.</summary>
/// <remarks>Let it pass: the scope that it belongs to swallows it. Clean up in <c>finally</c>, under <c>CancelScope.ShieldAsync</c> where that has to await.</remarks>
public class ScopeCanceledException : OperationCanceledException
{
    /// <summary>Of no scope: nobody swallows it.</summary>
    public ScopeCanceledException()
    {
    }

    /// <summary>With that message.</summary>
    public ScopeCanceledException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause.</summary>
    public ScopeCanceledException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal ScopeCanceledException(CancelScope scope, string? reason, Exception? innerException, string? requestedAt = null)
        : base(Describe(reason, requestedAt), innerException)
    {
        Scope = scope;
        Reason = reason;
        RequestedAt = requestedAt;
    }

    /// <summary>The scope that was cancelled; null if it was not Heddle that threw this.</summary>
    public CancelScope? Scope { get; }

    /// <summary>The reason given to its cancellation, if any.</summary>
    public string? Reason { get; }

    /// <summary>The place in the code that asked for the cancellation; null outside of debug mode, and for what nobody asked for, such as a deadline.</summary>
    public string? RequestedAt { get; }

    private static string Describe(string? reason, string? place)
        => $"The scope was cancelled{(reason is null ? "" : $": {reason}")}{(place is null ? "" : $" (in {place})")}.";
}
