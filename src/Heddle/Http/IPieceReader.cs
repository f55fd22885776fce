namespace Heddle;

/// <summary>Reads a body in pieces of some kind.</summary>
internal interface IPieceReader<T>
{
    T Current { get; }

    /// <summary>Moves on without waiting; null if that cannot be done, and then <see cref="MoveAsync"/> must follow.</summary>
    bool? TryMove();

    Coroutine<bool> MoveAsync();

    /// <summary>Nobody will ask for more.</summary>
    void Leave();
}
