namespace Heddle;

/// <summary>Thrown by every suspension in a cancelled <see cref="CancelScope"/>.</summary>
/// <remarks>Let it pass: the scope that it belongs to swallows it. Clean up in <c>finally</c>, under <c>CancelScope.ShieldAsync</c> where that has to await.</remarks>
public class ScopeCanceledException : OperationCanceledException
{
    internal ScopeCanceledException(CancelScope scope, string? reason, Exception? innerException)
        : base(Describe(reason), innerException)
    {
        Scope = scope;
        Reason = reason;
    }

    /// <summary>The scope that was cancelled.</summary>
    public CancelScope Scope { get; }

    /// <summary>The reason given to its cancellation, if any.</summary>
    public string? Reason { get; }

    private static string Describe(string? reason)
        => reason is null ? "The scope was cancelled." : $"The scope was cancelled: {reason}.";
}
