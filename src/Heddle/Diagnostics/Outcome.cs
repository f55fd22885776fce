using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>How something without a result ended: it succeeded, failed or was cancelled. <c>default</c> is none of these.</summary>
public readonly struct Outcome
{
    private readonly ExceptionDispatchInfo? _failure;
    private readonly Kind _kind;

    private Outcome(Kind kind) => _kind = kind;

    /// <param name="failure">As it happened: each look throws that.</param>
    internal Outcome(ExceptionDispatchInfo failure)
    {
        _failure = failure;
        _kind = Kind.Failed;
    }

    internal Outcome(Exception cancellation)
    {
        _failure = ExceptionDispatchInfo.Capture(cancellation);
        _kind = Kind.Canceled;
    }

    private enum Kind : byte
    {
        None,
        Succeeded,
        Failed,
        Canceled,
    }

    /// <summary>That of what ran to its end.</summary>
    public static Outcome Success => new(Kind.Succeeded);

    /// <summary>Whether it ran to its end.</summary>
    public bool IsSuccess => _kind == Kind.Succeeded;

    /// <summary>Whether it threw.</summary>
    public bool IsFailure => _kind == Kind.Failed;

    /// <summary>Whether it was cancelled.</summary>
    public bool IsCanceled => _kind == Kind.Canceled;

    /// <summary>What it threw, or the cancellation; null for a success.</summary>
    public Exception? Exception => _failure?.SourceException;

    /// <summary>That of what threw the exception.</summary>
    public static Outcome FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(ExceptionDispatchInfo.Capture(exception));
    }

    /// <summary>That of what was cancelled.</summary>
    public static Outcome FromCanceled(Exception cancellation)
    {
        ArgumentNullException.ThrowIfNull(cancellation);
        return new(cancellation);
    }

    /// <summary>That of what ended with the result.</summary>
    public static Outcome<T> FromResult<T>(T result) => new(result);

    /// <inheritdoc cref="FromException(Exception)"/>
    public static Outcome<T> FromException<T>(Exception exception) => new(FromException(exception));

    /// <inheritdoc cref="FromCanceled(Exception)"/>
    public static Outcome<T> FromCanceled<T>(Exception cancellation) => new(FromCanceled(cancellation));

    /// <summary>Rethrows what it ended with, if that was not a success.</summary>
    /// <exception cref="InvalidOperationException">It is <c>default</c>, the outcome of nothing.</exception>
    public void ThrowIfNotSuccess()
    {
        _failure?.Throw();
        if (_kind == Kind.None)
        {
            throw new InvalidOperationException(
                "This outcome is default and says of nothing how it ended. Probably an element of an array was not set, or a field is read too early.");
        }
    }

    /// <summary>The kind, and the message of a failure.</summary>
    public override string ToString() => Describe("success");

    internal string Describe(string success) => _kind switch
    {
        Kind.Succeeded => success,
        Kind.Failed => $"failure: {Exception!.Message}",
        Kind.Canceled => $"cancelled: {Exception!.Message}",
        _ => "no outcome",
    };
}

/// <summary>How something ended: with a value, with a failure, or by being cancelled. <c>default</c> is none of these.</summary>
public readonly struct Outcome<T>
{
    private readonly T _value;
    private readonly Outcome _end;

    internal Outcome(T value)
    {
        _value = value;
        _end = Outcome.Success;
    }

    internal Outcome(Outcome unsuccessful)
    {
        _value = default!;
        _end = unsuccessful;
    }

    /// <inheritdoc cref="Outcome.IsSuccess"/>
    public bool IsSuccess => _end.IsSuccess;

    /// <inheritdoc cref="Outcome.IsFailure"/>
    public bool IsFailure => _end.IsFailure;

    /// <inheritdoc cref="Outcome.IsCanceled"/>
    public bool IsCanceled => _end.IsCanceled;

    /// <inheritdoc cref="Outcome.Exception"/>
    public Exception? Exception => _end.Exception;

    /// <summary>The value; rethrows what it ended with, if that was not a success.</summary>
    /// <exception cref="InvalidOperationException">It is <c>default</c>, the outcome of nothing.</exception>
    public T Value
    {
        get
        {
            _end.ThrowIfNotSuccess();
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
    public override string ToString() => _end.Describe($"success: {_value}");
}
