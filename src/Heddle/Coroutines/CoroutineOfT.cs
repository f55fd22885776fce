using System.ComponentModel;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A computation of a value that has not begun: awaiting it runs it, inside the task that awaits.</summary>
/// <inheritdoc cref="Coroutine" path="/remarks"/>
[AsyncMethodBuilder(typeof(CoroutineMethodBuilder<>))]
public readonly partial struct Coroutine<T>
{
    private readonly Frame<T>? _frame;
    private readonly uint _version;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Coroutine(Frame<T> frame)
    {
        _frame = frame;
        _version = frame.Version;
        if (DebugMode.IsOn)
        {
            NeverAwaited.Watch(frame);
        }
    }

    /// <summary>The same coroutine, without its result. Only one of the two can be awaited.</summary>
    public static implicit operator Coroutine(Coroutine<T> coroutine) => new(coroutine._frame, coroutine._version);

    /// <inheritdoc cref="Coroutine.GetAwaiter"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CoroutineAwaiter<T> GetAwaiter()
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

    /// <inheritdoc cref="Coroutine.AsTask"/>
    public async Task<T> AsTask() => await this;

    /// <inheritdoc cref="Coroutine.AsTask"/>
    public ValueTask<T> AsValueTask() => new(AsTask());

    /// <summary>Its method's name, and whether it still is to be awaited.</summary>
    public override string ToString() => Frame.Describe($"coroutine of {CSharpNames.Of(typeof(T))}", _frame, _version);

    /// <inheritdoc cref="Coroutine.Take"/>
    internal Frame<T> Take()
    {
        if (_frame is null)
        {
            return EndedFrame<T>.Succeeded(default!);
        }

        _frame.Take(_version);
        return _frame;
    }
}
