namespace Heddle;

/// <summary>Thrown by a generator that was asked for a value and has ended. The members named <c>Try…</c> return false instead.</summary>
/// <remarks>It never leaves a generator's body as it is: who calls that generator would take it for its end.</remarks>
public sealed class StopIterationException : InvalidOperationException
{
    private const string Advice = "The generator has ended, so there is no next value. Use TryNext, TrySend or foreach where the end is to be expected.";

    /// <summary>Without a value.</summary>
    public StopIterationException()
        : base(Advice)
    {
    }

    /// <summary>With that message, and without a value.</summary>
    public StopIterationException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause, and without a value.</summary>
    public StopIterationException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private StopIterationException(object? value, bool _)
        : base(Advice) => Value = value;

    /// <summary>What the body returned, if it ended by this very call and returned something; else null.</summary>
    public object? Value { get; }

    /// <summary>By a constructor a text would be taken for the message.</summary>
    internal static StopIterationException Returning(object? value) => new(value, true);
}
