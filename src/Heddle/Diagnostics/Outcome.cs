using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>How something without a result ended: it succeeded, failed or was cancelled. <c>default</c> is none of these.</summary>
public readonly struct Outcome
{
    private readonly OutcomeKind _kind;

    private Outcome(OutcomeKind kind) => _kind = kind;

    internal Outcome(Exception exception, bool isCanceled)
    {
        Exception = exception;
        _kind = isCanceled ? OutcomeKind.Canceled : OutcomeKind.Failed;
    }

    /// <summary>That of what ran to its end.</summary>
    public static Outcome Success => new(OutcomeKind.Succeeded);

    /// <summary>Whether it ran to its end.</summary>
    public bool IsSuccess => _kind == OutcomeKind.Succeeded;

    /// <summary>Whether it threw.</summary>
    public bool IsFailure => _kind == OutcomeKind.Failed;

    /// <summary>Whether it was cancelled.</summary>
    public bool IsCanceled => _kind == OutcomeKind.Canceled;

    /// <summary>What it threw, or the cancellation; null for a success.</summary>
    public Exception? Exception { get; }

    /// <summary>That of what threw the exception.</summary>
    public static Outcome FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(exception, isCanceled: false);
    }

    /// <summary>That of what was cancelled.</summary>
    public static Outcome FromCanceled(Exception cancellation)
    {
        ArgumentNullException.ThrowIfNull(cancellation);
        return new(cancellation, isCanceled: true);
    }

    /// <summary>That of what ended with the result.</summary>
    public static Outcome<T> FromResult<T>(T result) => new(result);

    /// <inheritdoc cref="FromException(Exception)"/>
    public static Outcome<T> FromException<T>(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(exception, isCanceled: false);
    }

    /// <inheritdoc cref="FromCanceled(Exception)"/>
    public static Outcome<T> FromCanceled<T>(Exception cancellation)
    {
        ArgumentNullException.ThrowIfNull(cancellation);
        return new(cancellation, isCanceled: true);
    }

    /// <summary>Rethrows what it ended with, if that was not a success.</summary>
    /// <exception cref="InvalidOperationException">It is <c>default</c>, the outcome of nothing.</exception>
    public void ThrowIfNotSuccess() => ThrowUnlessSuccess(_kind, Exception);

    /// <summary>The kind, and the message of a failure.</summary>
    public override string ToString() => Describe(_kind, Exception, "success");

    internal static void ThrowUnlessSuccess(OutcomeKind kind, Exception? exception)
    {
        if (exception is not null)
        {
            ExceptionDispatchInfo.Throw(exception);
        }

        if (kind == OutcomeKind.None)
        {
            throw new InvalidOperationException(
                "This outcome is default and says of nothing how it ended. Probably an element of an array was not set, or a field is read too early.");
        }
    }

    internal static string Describe(OutcomeKind kind, Exception? exception, string success) => kind switch
    {
        OutcomeKind.Succeeded => success,
        OutcomeKind.Failed => $"failure: {exception!.Message}",
        OutcomeKind.Canceled => $"cancelled: {exception!.Message}",
        _ => "no outcome",
    };
}

/// <summary>How something ended: with a value, with a failure, or by being cancelled. <c>default</c> is none of these.</summary>
public readonly struct Outcome<T>
{
    private readonly T _value;
    private readonly OutcomeKind _kind;

    internal Outcome(T value)
    {
        _value = value;
        _kind = OutcomeKind.Succeeded;
    }

    internal Outcome(Exception exception, bool isCanceled)
    {
        _value = default!;
        Exception = exception;
        _kind = isCanceled ? OutcomeKind.Canceled : OutcomeKind.Failed;
    }

    /// <inheritdoc cref="Outcome.IsSuccess"/>
    public bool IsSuccess => _kind == OutcomeKind.Succeeded;

    /// <inheritdoc cref="Outcome.IsFailure"/>
    public bool IsFailure => _kind == OutcomeKind.Failed;

    /// <inheritdoc cref="Outcome.IsCanceled"/>
    public bool IsCanceled => _kind == OutcomeKind.Canceled;

    /// <inheritdoc cref="Outcome.Exception"/>
    public Exception? Exception { get; }

    /// <summary>The value; rethrows what it ended with, if that was not a success.</summary>
    /// <exception cref="InvalidOperationException">It is <c>default</c>, the outcome of nothing.</exception>
    public T Value
    {
        get
        {
            Outcome.ThrowUnlessSuccess(_kind, Exception);
            return _value;
        }
    }

    /// <summary>Gets the value, if there is one.</summary>
    public bool TryGetValue([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return IsSuccess;
    }

    /// <summary>The value, or the kind and the message of a failure.</summary>
    public override string ToString() => Outcome.Describe(_kind, Exception, $"success: {_value}");
}

internal enum OutcomeKind : byte
{
    None,
    Succeeded,
    Failed,
    Canceled,
}
