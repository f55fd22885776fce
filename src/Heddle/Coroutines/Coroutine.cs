using System.ComponentModel;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A computation that has not begun: awaiting it runs it, inside the task that awaits.</summary>
/// <remarks>
/// What an <c>async Coroutine</c> method returns. Calling the method runs none of its body. It can be awaited, or
/// handed over (to <see cref="LoopTask.Start(Coroutine, string?)"/>, a group, a combinator), exactly once.
/// <c>default(Coroutine)</c> is completed. Its body runs on the loop's thread, always.
/// The counterpart of a coroutine object in Python (PEP 492).
/// </remarks>
[AsyncMethodBuilder(typeof(CoroutineMethodBuilder))]
public readonly partial struct Coroutine
{
    private readonly Frame? _frame;
    private readonly uint _version;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Coroutine(Frame frame)
        : this(frame, frame.Version)
    {
        if (DebugMode.IsOn)
        {
            NeverAwaited.Watch(frame);
        }
    }

    internal Coroutine(Frame? frame, uint version)
    {
        _frame = frame;
        _version = version;
    }

    /// <summary>A coroutine that does nothing; the same as <c>default</c>, so it may be awaited any number of times.</summary>
    public static Coroutine Completed => default;

    /// <summary>A coroutine that ends with the value at once.</summary>
    public static Coroutine<T> FromResult<T>(T result) => new(EndedFrame<T>.Succeeded(result));

    /// <summary>A coroutine that fails with the exception when it is awaited.</summary>
    public static Coroutine FromException(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(EndedFrame<Nothing>.Failed(exception));
    }

    /// <summary>A coroutine that fails with the exception when it is awaited.</summary>
    public static Coroutine<T> FromException<T>(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(EndedFrame<T>.Failed(exception));
    }

    /// <summary>Gives the other ready tasks their turn.</summary>
    /// <remarks>The task goes to the end of the ready queue. A cancelled scope throws when it comes back. Allocates nothing.</remarks>
    public static LoopYieldAwaitable Yield() => default;

    /// <summary>Used by the compiler.</summary>
    /// <exception cref="InvalidOperationException">It was awaited or handed over before, or no task runs on this thread.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CoroutineAwaiter GetAwaiter()
    {
        if (_frame is { } frame)
        {
            if (frame.Status != FrameStatus.Eager)
            {
                frame.TakeToAwait(_version);
            }
            else
            {
                // It looks for the task anyway, in a moment, and says the same.
                frame.Take(_version);
            }
        }

        return new(_frame);
    }

    /// <summary>Runs the coroutine as a child of the current task, for code that wants a <see cref="Task"/>.</summary>
    /// <remarks>Only on a loop's thread; to enter a loop from another thread use <see cref="EventLoopThread"/>.</remarks>
    public async Task AsTask() => await this;

    /// <inheritdoc cref="AsTask"/>
    public ValueTask AsValueTask() => new(AsTask());

    /// <summary>Its method's name, and whether it still is to be awaited.</summary>
    public override string ToString() => Frame.Describe("coroutine", _frame, _version);

    /// <summary>None of it will run, as its owner knows: disposes of it, unless it was awaited or handed over before.</summary>
    internal void Discard()
    {
        if (_frame is { } frame && frame.Version == _version)
        {
            frame.Take(_version);
            frame.Recycle();
        }
    }

    /// <summary>Whether it is a wait, and not a body, that can be one of several of which one is wanted.</summary>
    internal bool CanBeSelected => _frame?.CanBeSelected ?? true;

    /// <summary>Takes ownership of the frame, spending this handle.</summary>
    internal Frame Take()
    {
        if (_frame is null)
        {
            return EndedFrame<Nothing>.Succeeded(default);
        }

        _frame.Take(_version);
        return _frame;
    }
}
