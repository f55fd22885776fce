using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Heddle;

/// <summary>Gives back what was taken, a lock, a permit or a token, when it is disposed of, once: copies and a second time do nothing.</summary>
/// <remarks>Any task of the loop may dispose of it. <c>default</c> does nothing. It says nothing of a lock that was taken by another call.</remarks>
public readonly struct Releaser : IDisposable
{
    private readonly IReleasable? _owner;
    private readonly long _ticket;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Releaser(IReleasable owner, long ticket)
    {
        _owner = owner;
        _ticket = ticket;
    }

    /// <summary>Gives it back.</summary>
    /// <exception cref="InvalidOperationException">This is not the thread of the primitive's loop.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_owner is AsyncLock gate)
        {
            // The one that is taken most, so without a call through the interface.
            gate.GiveBack(_ticket);
        }
        else
        {
            _owner?.GiveBack(_ticket);
        }
    }

    /// <summary>Makes it that of another taking of the same owner. To write the owner again would cost as much as the rest of a free lock's taking.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Renew(ref Releaser releaser, IReleasable owner, long ticket)
    {
        if (ReferenceEquals(releaser._owner, owner))
        {
            Unsafe.AsRef(in releaser._ticket) = ticket;
        }
        else
        {
            releaser = new(owner, ticket);
        }
    }

    internal bool IsOf(IReleasable owner, long ticket) => ReferenceEquals(owner, _owner) && ticket == _ticket;
}

/// <summary>What a <see cref="Releaser"/> gives back to.</summary>
internal interface IReleasable
{
    /// <param name="ticket">The number of the taking, which no other of this primitive has. One that was given back before does nothing.</param>
    void GiveBack(long ticket);
}

/// <summary>Who may give back what a task took, and who would wait for himself.</summary>
internal static class Ownership
{
    /// <summary>
    /// Whether the running code may give back what that task took: the task took it itself, or ownership says nothing, because
    /// the taker has ended (a child of a combinator) or one of the two runs on behalf of foreign code.
    /// </summary>
    internal static bool MayRelease(LoopTask holder)
        => LoopTask.Current is { } current
            && (ReferenceEquals(current, holder) || current.IsImplicit || holder.IsImplicit || holder.IsCompleted);

    /// <summary>
    /// Whether one of the bodies that the wait would hold up keeps the releaser of that taking: then nobody else can give it back. Only looked
    /// for where a task would wait for what it may have itself; a field that trimming has taken away is not found, and then it waits.
    /// </summary>
    internal static bool IsKeptAbove(Frame wait, IReleasable owner, long ticket)
    {
        for (var frame = wait.Awaiter; frame is not null; frame = frame.Awaiter)
        {
            if (frame.Locals is { } locals && Keeps(locals, owner, ticket))
            {
                return true;
            }
        }

        return false;
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that is not there is a mistake that is not found, and no error.")]
    private static bool Keeps(object locals, IReleasable owner, long ticket)
    {
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (var field in locals.GetType().GetFields(Fields))
        {
            if ((field.FieldType == typeof(Releaser) || !field.FieldType.IsValueType)
                && field.GetValue(locals) is Releaser releaser && releaser.IsOf(owner, ticket))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Who has what of a primitive that several tasks can have at once.</summary>
internal sealed class Holders
{
    private readonly Dictionary<long, (LoopTask Task, bool IsOwn)> _takings = [];

    private readonly Dictionary<LoopTask, Share> _shares = [];

    private long _lastTicket;

    internal int Count => _takings.Count;

    internal IEnumerable<LoopTask> Tasks => _takings.Values.Select(taking => taking.Task);

    /// <param name="task">Who takes it.</param>
    /// <param name="isOwn">Whether that is sure: it is not where foreign code that the task has called may have taken it.</param>
    /// <returns>The ticket.</returns>
    internal long Add(LoopTask task, bool isOwn)
    {
        var ticket = ++_lastTicket;
        _takings.Add(ticket, (task, isOwn));
        ref var share = ref CollectionsMarshal.GetValueRefOrAddDefault(_shares, task, out _);
        share.Count++;
        share.OwnCount += isOwn ? 1 : 0;
        share.LastTicket = ticket;
        return ticket;
    }

    /// <summary>False if it was given back before.</summary>
    internal bool Remove(long ticket)
    {
        if (!_takings.Remove(ticket, out var taking))
        {
            return false;
        }

        ref var share = ref CollectionsMarshal.GetValueRefOrNullRef(_shares, taking.Task);
        share.OwnCount -= taking.IsOwn ? 1 : 0;
        if (--share.Count == 0)
        {
            _shares.Remove(taking.Task);
        }

        return true;
    }

    /// <summary>Whether the task itself has it for sure.</summary>
    internal bool Has(LoopTask task) => _shares.TryGetValue(task, out var share) && share.OwnCount > 0;

    /// <summary>The ticket of what the running code may give back, its task's own first; zero if there is none.</summary>
    internal long FindReleasable()
    {
        if (LoopTask.Current is { } current && _shares.TryGetValue(current, out var share))
        {
            return _takings.ContainsKey(share.LastTicket)
                ? share.LastTicket
                : _takings.First(taking => ReferenceEquals(taking.Value.Task, current)).Key;
        }

        return _takings.FirstOrDefault(taking => Ownership.MayRelease(taking.Value.Task)).Key;
    }

    /// <summary>What one task has.</summary>
    private struct Share
    {
        internal int Count;
        internal int OwnCount;
        internal long LastTicket;
    }
}
