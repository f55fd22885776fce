using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>How something without a result ended: it succeeded, failed or was cancelled. <c>default</c> is a success.</summary>
public readonly struct Outcome
{
    internal Outcome(Exception? exception, bool isCanceled)
    {
        Exception = exception;
        IsCanceled = isCanceled;
    }

    /// <summary>Whether it ran to its end.</summary>
    public bool IsSuccess => Exception is null;

    /// <summary>Whether it threw.</summary>
    public bool IsFailure => Exception is not null && !IsCanceled;

    /// <summary>Whether it was cancelled.</summary>
    public bool IsCanceled { get; }

    /// <summary>What it threw, or the cancellation; null for a success.</summary>
    public Exception? Exception { get; }

    /// <summary>Rethrows what it ended with, if that was not a success.</summary>
    public void ThrowIfNotSuccess()
    {
        if (Exception is not null)
        {
            ExceptionDispatchInfo.Throw(Exception);
        }
    }

    /// <summary>The kind, and the message of a failure.</summary>
    public override string ToString()
        => IsSuccess ? "success" : $"{(IsCanceled ? "cancelled" : "failure")}: {Exception!.Message}";
}

/// <summary>How something ended: with a value, with a failure, or by being cancelled. <c>default</c> is a success with the default value.</summary>
public readonly struct Outcome<T>
{
    private readonly T _value;

    internal Outcome(T value)
    {
        _value = value;
        Exception = null;
        IsCanceled = false;
    }

    internal Outcome(Exception exception, bool isCanceled)
    {
        _value = default!;
        Exception = exception;
        IsCanceled = isCanceled;
    }

    /// <inheritdoc cref="Outcome.IsSuccess"/>
    public bool IsSuccess => Exception is null;

    /// <inheritdoc cref="Outcome.IsFailure"/>
    public bool IsFailure => Exception is not null && !IsCanceled;

    /// <inheritdoc cref="Outcome.IsCanceled"/>
    public bool IsCanceled { get; }

    /// <inheritdoc cref="Outcome.Exception"/>
    public Exception? Exception { get; }

    /// <summary>The value; rethrows what it ended with, if that was not a success.</summary>
    public T Value
    {
        get
        {
            if (Exception is not null)
            {
                ExceptionDispatchInfo.Throw(Exception);
            }

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
