using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>How something without a result ended: it succeeded, failed or was cancelled. <c>default</c> is a success.</summary>
public readonly struct Outcome
{
    private readonly ExceptionDispatchInfo? _failure;

    /// <param name="failure">As it happened: each look throws that.</param>
    internal Outcome(ExceptionDispatchInfo failure) => _failure = failure;

    internal Outcome(Exception cancellation)
    {
        _failure = ExceptionDispatchInfo.Capture(cancellation);
        IsCanceled = true;
    }

    /// <summary>Whether it ran to its end.</summary>
    public bool IsSuccess => Exception is null;

    /// <summary>Whether it threw.</summary>
    public bool IsFailure => Exception is not null && !IsCanceled;

    /// <summary>Whether it was cancelled.</summary>
    public bool IsCanceled { get; }

    /// <summary>What it threw, or the cancellation; null for a success.</summary>
    public Exception? Exception => _failure?.SourceException;

    /// <summary>Rethrows what it ended with, if that was not a success.</summary>
    public void ThrowIfNotSuccess() => _failure?.Throw();

    /// <summary>The kind, and the message of a failure.</summary>
    public override string ToString()
        => IsSuccess ? "success" : $"{(IsCanceled ? "cancelled" : "failure")}: {Exception!.Message}";
}

/// <summary>How something ended: with a value, with a failure, or by being cancelled. <c>default</c> is a success with the default value.</summary>
public readonly struct Outcome<T>
{
    private readonly T _value;
    private readonly Outcome _end;

    internal Outcome(T value)
    {
        _value = value;
        _end = default;
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
    public override string ToString()
        => IsSuccess ? $"success: {_value}" : $"{(IsCanceled ? "cancelled" : "failure")}: {Exception!.Message}";
}
