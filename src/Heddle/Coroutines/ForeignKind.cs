using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>How the awaiters of one foreign type call back.</summary>
internal abstract class ForeignKind(Type awaiter)
{
    private readonly bool _callsBackOnce = IsOneOf(
        awaiter,
        typeof(TaskAwaiter),
        typeof(TaskAwaiter<>),
        typeof(ConfiguredTaskAwaitable.ConfiguredTaskAwaiter),
        typeof(ConfiguredTaskAwaitable<>.ConfiguredTaskAwaiter),
        typeof(YieldAwaitable.YieldAwaiter));

    internal Type Awaiter => awaiter;

    /// <summary>Awaiters of the BCL, but for the one whose only effect is to go through the context.</summary>
    internal bool CallsBackDirectly { get; } = awaiter.Assembly == typeof(Task).Assembly && awaiter != typeof(YieldAwaitable.YieldAwaiter);

    /// <summary>This thread's free waits for them; null for those that get one each.</summary>
    internal FreeFrames? Free => _callsBackOnce ? FreeFrames.Of<ForeignKind>() : FreeOfKind;

    /// <summary>Those of this kind alone, whose awaiters can be asked whether they have ended; else null.</summary>
    protected abstract FreeFrames? FreeOfKind { get; }

    /// <summary>Where a wait keeps its awaiter, to ask it; null for those that need not or cannot be asked.</summary>
    internal AwaiterCopy? MakeCopy() => _callsBackOnce ? null : MakeCopyOfKind();

    protected abstract AwaiterCopy? MakeCopyOfKind();

    protected static bool IsOneOf(Type awaiter, params ReadOnlySpan<Type> types)
        => types.Contains(awaiter.IsGenericType ? awaiter.GetGenericTypeDefinition() : awaiter);
}

internal sealed class ForeignKind<TAwaiter> : ForeignKind
{
    private readonly IsCompletedOf? _isCompleted;

    private ForeignKind()
        : base(typeof(TAwaiter)) => _isCompleted = FindIsCompleted();

    internal delegate bool IsCompletedOf(ref TAwaiter awaiter);

    internal static ForeignKind<TAwaiter> Instance { get; } = new();

    protected override FreeFrames? FreeOfKind => _isCompleted is null ? null : FreeFrames.Of<ForeignKind<TAwaiter>>();

    protected override AwaiterCopy? MakeCopyOfKind() => _isCompleted is null ? null : new AwaiterCopy<TAwaiter>(_isCompleted);

    /// <summary>A value task may be anything's; but it says whether it has ended, on any thread. Its member is part of no interface.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2090", Justification = "Where the member was trimmed away each wait gets an object of its own.")]
    private static IsCompletedOf? FindIsCompleted()
        => IsOneOf(
            typeof(TAwaiter),
            typeof(ValueTaskAwaiter),
            typeof(ValueTaskAwaiter<>),
            typeof(ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter),
            typeof(ConfiguredValueTaskAwaitable<>.ConfiguredValueTaskAwaiter))
            ? typeof(TAwaiter).GetProperty("IsCompleted")?.GetMethod?.CreateDelegate<IsCompletedOf>()
            : null;
}

/// <summary>What a wait for something foreign waits for.</summary>
internal abstract class AwaiterCopy
{
    internal abstract bool HasEnded { get; }

    internal abstract void Clear();
}

internal sealed class AwaiterCopy<TAwaiter>(ForeignKind<TAwaiter>.IsCompletedOf isCompleted) : AwaiterCopy
{
    internal TAwaiter Awaiter = default!;

    internal override bool HasEnded
    {
        get
        {
            try
            {
                return isCompleted(ref Awaiter);
            }
            catch (Exception)
            {
                // Its source refuses to tell, and will say why to who asks for the result.
                return true;
            }
        }
    }

    internal override void Clear() => Awaiter = default!;
}
