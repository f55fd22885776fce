namespace Heddle.LowLevel;

/// <summary>The right to resume one wait, once. A copy that comes too late does nothing.</summary>
public readonly struct Resumption<T>
{
    private readonly IResumable<T>? _wait;
    private readonly uint _version;
    private readonly EventLoop _loop;

    internal Resumption(IResumable<T> wait, uint version, EventLoop loop)
    {
        _wait = wait;
        _version = version;
        _loop = loop;
    }

    /// <summary>Resumes the task with a value. Loop thread only.</summary>
    /// <returns>False if the wait is over already: resumed, or cancelled. The value is then still yours.</returns>
    public bool TryResume(T value)
    {
        _loop.VerifyThread("Resumption.TryResume");
        return _wait!.TryResume(_version, value, null);
    }

    /// <summary>Resumes the task with an exception. Loop thread only.</summary>
    /// <returns>False if the wait is over already.</returns>
    public bool TryFail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _loop.VerifyThread("Resumption.TryFail");
        return _wait!.TryResume(_version, default!, exception);
    }

    /// <summary>Resumes the task with a value, from any thread. The value is dropped if the wait is over when it arrives.</summary>
    public void PostResume(T value) => _loop.Submit(static s => s.This.TryResume(s.Value), (This: this, Value: value));

    /// <summary>Resumes the task with an exception, from any thread.</summary>
    public void PostFail(Exception exception) => _loop.Submit(static s => s.This.TryFail(s.Exception), (This: this, Exception: exception));
}

internal interface IResumable<T>
{
    bool TryResume(uint version, T value, Exception? failure);
}
