namespace Heddle;

/// <summary>Something that was opened in a scope and is closed when that is left, at the latest.</summary>
internal abstract class ScopedResource
{
    /// <summary>The one that was opened before it.</summary>
    internal ScopedResource? Previous;

    internal ScopedResource? Next;

    /// <summary>The scope that holds it; null before and after.</summary>
    internal CancelScope? HeldBy;

    /// <summary>Begins what takes time of its closing, so that those which were opened one after the other take it at the same time.</summary>
    /// <returns>False if it closes only when its turn has come, after what was opened later.</returns>
    internal virtual bool TryBeginClosing() => false;

    /// <summary>Its scope is being left, and holds it no more. Runs in that scope, which may be cancelled.</summary>
    internal abstract Coroutine CloseWithScopeAsync();
}
