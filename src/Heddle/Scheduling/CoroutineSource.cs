namespace Heddle;

/// <summary>A result that arrives later: some tasks await it, someone sets it. The counterpart of <c>asyncio.Future</c>.</summary>
/// <remarks>
/// It can be awaited any number of times, before and after it is set; waiters go on in the order of their coming. Whoever is to wait but not to
/// set it is given <see cref="WaitAsync"/>. It is not cancelled: scopes and tasks are. Where there will be no result, set the failure that says why.
/// It belongs to the loop that first awaits or sets it; from another thread or loop set it through <see cref="EventLoop.Post(Action)"/>.
/// </remarks>
public sealed class CoroutineSource<T>
{
    private WaiterList<T> _waiters;
    private CapturedFailure? _failure;
    private T _value = default!;
    private EventLoop? _loop;

    /// <summary>Whether it is set.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>Used by the compiler.</summary>
    /// <exception cref="InvalidOperationException">No task runs on this thread, or the source belongs to another loop.</exception>
    public LowLevel.CoroutineAwaiter<T> GetAwaiter()
    {
        Verify(LoopTask.CurrentOrThrow().Loop, "await");
        return new(Rent());
    }

    /// <summary>The wait for it as a coroutine: for a combinator, for <c>WithTimeout</c>, or for who is not to set it.</summary>
    public async Coroutine<T> WaitAsync() => await this;

    /// <summary>Sets the result and wakes all who wait.</summary>
    /// <exception cref="InvalidOperationException">It is set already, or this is not its loop's thread.</exception>
    public void SetResult(T result)
    {
        if (!TrySetResult(result))
        {
            ThrowSetBefore();
        }
    }

    /// <summary>Sets the failure and wakes all who wait.</summary>
    /// <exception cref="InvalidOperationException">It is set already, or this is not its loop's thread.</exception>
    public void SetException(Exception exception)
    {
        if (!TrySetException(exception))
        {
            ThrowSetBefore();
        }
    }

    /// <summary>Sets the result, if nothing is set yet.</summary>
    /// <exception cref="InvalidOperationException">This is not its loop's thread.</exception>
    public bool TrySetResult(T result) => TrySet(result, null);

    /// <summary>Sets the failure, if nothing is set yet.</summary>
    /// <exception cref="InvalidOperationException">This is not its loop's thread.</exception>
    public bool TrySetException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return TrySet(default!, exception);
    }

    /// <summary>A wait that is about to be awaited.</summary>
    internal Frame<T> Rent() => SourceWait.Rent(this);

    private static void ThrowSetBefore() => throw new InvalidOperationException(
        "The source is set already, and a result is never replaced. Use the Try methods where several may set it.");

    private bool TrySet(T value, Exception? failure)
    {
        Verify(EventLoop.Current, "SetResult or SetException");
        if (IsCompleted)
        {
            return false;
        }

        IsCompleted = true;
        _value = value;
        _failure = failure is null ? null : new CapturedFailure(failure);
        while (_waiters.TakeFirst() is { } waiter)
        {
            ((SourceWait)waiter).OnSet();
        }

        return true;
    }

    /// <summary>The first use binds it: to set it wakes tasks of that loop, which only its thread may.</summary>
    internal void Verify(EventLoop current, string member)
    {
        if (!ReferenceEquals(_loop, current) && Interlocked.CompareExchange(ref _loop, current, null) is { } owner && !ReferenceEquals(owner, current))
        {
            throw new InvalidOperationException(
                $"{member} was called on the loop '{current.Name}', but the CoroutineSource belongs to another loop, '{owner.Name}', which used it first. "
                + "Set it there: loop.Post(() => source.SetResult(...)); and have a loop wait for another by EventLoopThread.RunAsync, awaiting the Task that it returns.");
        }
    }

    private sealed class SourceWait : Waiter<T>
    {
        private CoroutineSource<T> _source = null!;

        internal static SourceWait Rent(CoroutineSource<T> source)
        {
            var wait = FreeFrames.Of<SourceWait>().TryRent<SourceWait>() ?? new SourceWait();
            wait.Status = FrameStatus.Cold;
            wait._source = source;
            return wait;
        }

        internal void OnSet()
        {
            if (_source._failure is not null)
            {
                ResumeFailed();
            }
            else
            {
                Value = _source._value;
                Resume();
            }
        }

        internal override string Describe() => $"a CoroutineSource<{CSharpNames.Of(typeof(T))}>";

        internal override bool? WouldComplete(LowLevel.Runner runner) => _source.IsCompleted;

        protected override bool Begin()
        {
            if (!_source.IsCompleted)
            {
                _source._waiters.Add(this);
                return false;
            }

            Value = _source._value;
            if (_source._failure is not null)
            {
                FailAtOnce();
            }

            return true;
        }

        protected override Failure OwnFailure => _source._failure!;

        protected override bool Abort()
        {
            _source._waiters.Remove(this);
            return true;
        }

        protected override void ReturnToPool()
        {
            _source = null!;
            FreeFrames.Of<SourceWait>().Return(this);
        }
    }
}

/// <summary>A <see cref="CoroutineSource{T}"/> of something that has no value: it happens, or fails.</summary>
/// <inheritdoc cref="CoroutineSource{T}" path="/remarks"/>
public sealed class CoroutineSource
{
    private readonly CoroutineSource<Nothing> _source = new();

    /// <inheritdoc cref="CoroutineSource{T}.IsCompleted"/>
    public bool IsCompleted => _source.IsCompleted;

    /// <inheritdoc cref="CoroutineSource{T}.GetAwaiter"/>
    public LowLevel.CoroutineAwaiter GetAwaiter()
    {
        _source.Verify(LoopTask.CurrentOrThrow().Loop, "await");
        return new(_source.Rent());
    }

    /// <inheritdoc cref="CoroutineSource{T}.WaitAsync"/>
    public async Coroutine WaitAsync() => await this;

    /// <summary>Says that it has happened, and wakes all who wait.</summary>
    /// <exception cref="InvalidOperationException">It is set already, or this is not its loop's thread.</exception>
    public void SetResult() => _source.SetResult(default);

    /// <inheritdoc cref="CoroutineSource{T}.SetException"/>
    public void SetException(Exception exception) => _source.SetException(exception);

    /// <summary>The same, if nothing is set yet.</summary>
    /// <exception cref="InvalidOperationException">This is not its loop's thread.</exception>
    public bool TrySetResult() => _source.TrySetResult(default);

    /// <inheritdoc cref="CoroutineSource{T}.TrySetException"/>
    public bool TrySetException(Exception exception) => _source.TrySetException(exception);
}
