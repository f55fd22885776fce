namespace Heddle;

/// <summary>Thrown by a generator that was asked for a value and has ended. The members named <c>Try…</c> return false instead.</summary>
/// <remarks>It never leaves a generator's body as it is: who calls that generator would take it for its end.</remarks>
public sealed class StopIterationException : InvalidOperationException
{
    internal StopIterationException(object? value)
        : base("The generator has ended, so there is no next value. Use TryNext, TrySend or foreach where the end is to be expected.")
        => Value = value;

    /// <summary>What the body returned, if it ended by this very call and returned something; else null.</summary>
    public object? Value { get; }
}
