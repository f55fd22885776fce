namespace Heddle;

/// <content>What becomes of an exception that leaves the scope.</content>
public sealed partial class CancelScope
{
    /// <summary>
    /// Null if the exception is this scope's own cancellation, which ends here; else what has to be thrown on. Where a
    /// scope further out is cancelled too, its cancellation goes on in the place of this one's.
    /// </summary>
    internal Exception? Settle(Exception failure)
    {
        failure = Attribute(failure);
        if (failure is not ScopeCanceledException { Scope: var origin } || !ReferenceEquals(origin, this))
        {
            return failure;
        }

        return ReferenceEquals(CanceledBy, this) ? null : CreateCancellation(failure);
    }
}
