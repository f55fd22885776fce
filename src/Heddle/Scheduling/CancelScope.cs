using System.Diagnostics;
using System.Globalization;

namespace Heddle;

/// <summary>A region of code that can be cancelled as one: cancellation is a state of the region, not an event.</summary>
/// <remarks>
/// While a scope is cancelled, every Heddle suspension inside it throws <see cref="ScopeCanceledException"/>, again and
/// again, until the scope is left; the scope swallows that exception if it is its own. Scopes nest; an outer
/// cancellation reaches all inner scopes but those that shield. All members are for the loop's thread; from elsewhere
/// go through <see cref="EventLoop.Post(Action)"/>. After Trio's cancel scopes.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class CancelScope
{
    internal readonly EventLoop Loop;
    private readonly bool _isShield;
    private CancelScope? _parent;
    private CancelScope? _firstChild;
    private CancelScope? _next;
    private CancelScope? _previous;
    private bool _hasExited;
    private string? _reason;
    private TimeSpan? _deadline;
    private DeadlineTimer? _deadlineTimer;

    internal CancelScope(EventLoop loop, CancelScope? parent, bool isShield = false)
    {
        Loop = loop;
        _isShield = isShield;
        if (parent is not null)
        {
            parent.Link(this);
            CanceledBy = Cause;
        }
    }

    /// <summary>The task whose code runs in this scope; none for scopes that only hold tasks.</summary>
    internal LoopTask? Host;

    /// <summary>What foreign code captures in here; none for scopes that no code entered.</summary>
    internal ScopeContext? Context;

    /// <summary>The tasks that were started right in this scope, when it is a group's.</summary>
    internal TaskSet? TaskSet;

    /// <summary>Whether it is a task's own scope, the one that cancelling the task cancels.</summary>
    internal bool IsTaskScope;

    /// <summary>The outermost cancelled scope whose cancellation reaches in here; null while none does. Always its <see cref="Cause"/>.</summary>
    internal CancelScope? CanceledBy { get; private set; }

    /// <summary>
    /// <see cref="CanceledBy"/> as it follows from the parent: from further out if no shield keeps that out, else what was felt
    /// before (be it by a scope that has been left since), else this scope's own cancellation. Once there is one there is one for ever.
    /// </summary>
    private CancelScope? Cause => (_isShield ? null : _parent?.CanceledBy) ?? CanceledBy ?? (IsCancelRequested ? this : null);

    /// <summary>Whether this very scope was cancelled, by hand or by its deadline.</summary>
    internal bool IsCancelRequested { get; private set; }

    /// <summary>The innermost scope that the running code is in; outside of any that it entered, its task's own.</summary>
    /// <exception cref="InvalidOperationException">No task runs on this thread.</exception>
    public static CancelScope Current => Flow.Current.Scope.OfStarted;

    /// <summary>Whether to cancel it does anything: it was not cancelled and is not left.</summary>
    internal bool CanBeCanceled => !IsCancelRequested && !_hasExited;

    /// <summary>Whether suspensions in this scope throw: it, or a scope around it that no shield keeps out, was cancelled.</summary>
    public bool IsCanceled => CanceledBy is not null;

    /// <summary>Why: the reason given to the scope whose cancellation is felt here; null when not cancelled or none was given.</summary>
    public string? Reason => CanceledBy?._reason;

    /// <summary>Whether the deadline passed while the scope was open and not cancelled otherwise.</summary>
    internal bool HasExpired { get; private set; }

    /// <summary>When the scope cancels itself, in the time of <see cref="EventLoop.Now"/>; null for never. It can be moved.</summary>
    /// <remarks>Moving it after it has passed changes nothing: a cancelled scope stays cancelled.</remarks>
    /// <exception cref="InvalidOperationException">Set from another thread than the loop's.</exception>
    public TimeSpan? Deadline
    {
        get => _deadline;
        set
        {
            Loop.VerifyThread("CancelScope.Deadline");
            SetDeadline(value, Loop.Now);
        }
    }

    /// <summary>How long it is until the deadline; zero once that has passed, null if there is none.</summary>
    public TimeSpan? Remaining => _deadline is { } when ? new(Math.Max(0, when.Ticks - Loop.NowTicks)) : null;

    /// <summary>Sets the deadline so far from now; <see cref="Timeout.InfiniteTimeSpan"/> takes it away.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <exception cref="InvalidOperationException">Called from another thread than the loop's.</exception>
    public void CancelAfter(TimeSpan delay)
    {
        Durations.ThrowIfNegative(delay, nameof(delay));
        Loop.VerifyThread("CancelScope.CancelAfter");
        Limit(delay);
    }

    /// <summary>The same, for who has checked and just entered the scope.</summary>
    private void Limit(TimeSpan delay)
    {
        if (delay != Timeout.InfiniteTimeSpan)
        {
            var now = Loop.Now;
            SetDeadline(Durations.After(now, delay), now);
        }
        else if (_deadline is not null)
        {
            SetDeadline(null, default);
        }
    }

    /// <summary>Cancels everything in the scope. Later calls do nothing: the first reason stays.</summary>
    /// <remarks>Returns at once. Tasks that wait in the scope are resumed, through the ready queue, with the exception.</remarks>
    /// <exception cref="InvalidOperationException">Called from another thread than the loop's.</exception>
    public void Cancel(string? reason = null)
    {
        Loop.VerifyThread("CancelScope.Cancel");
        Loop.Journal?.NoteCancel(this, reason);
        CancelCore(reason);
    }

    /// <summary>The state in words.</summary>
    public override string ToString()
        => CanceledBy is not null ? $"scope (cancelled: {Reason ?? "no reason given"})" : _hasExited ? "scope (left)" : "scope (open)";

    internal void CancelCore(string? reason)
    {
        if (!CanBeCanceled)
        {
            return;
        }

        IsCancelRequested = true;
        _reason = reason;
        UpdateCanceledBy();
    }

    private void SetDeadline(TimeSpan? when, TimeSpan now)
    {
        _deadlineTimer?.Cancel();
        if (_hasExited)
        {
            return;
        }

        _deadline = when;
        if (IsCancelRequested || when is not { } instant)
        {
            return;
        }

        if (instant <= now)
        {
            Expire();
        }
        else
        {
            _deadlineTimer ??= new DeadlineTimer(this, now);
            Loop.Timers.Schedule(_deadlineTimer, instant.Ticks);
        }
    }

    private void Expire()
    {
        HasExpired = !IsCancelRequested;
        CancelCore("its deadline passed");
    }

    /// <summary>What is thrown for a scope that has expired: how long it had is told by the deadline that passed, which may have been moved.</summary>
    internal TimeoutException CreateTimeout(Exception? inner)
    {
        var had = _deadlineTimer is { } timer && _deadline > timer.SetAt ? _deadline.Value - timer.SetAt : TimeSpan.Zero;
        return new(string.Create(CultureInfo.InvariantCulture, $"The operation did not complete within {had.TotalSeconds:0.###} s."), inner);
    }

    /// <summary>Leaves the scope. What still runs below it, on behalf of foreign code, belongs to the parent from now on.</summary>
    internal void Exit()
    {
        _hasExited = true;
        TaskSet = null;
        Context = null;
        _deadlineTimer?.Cancel();
        Unlink();
        if (_firstChild is null || _parent is null)
        {
            return;
        }

        // First all are moved: what is cancelled by the move may look around.
        var moved = new List<CancelScope>();
        while (_firstChild is { } child)
        {
            child.Unlink();
            _parent.Link(child);
            moved.Add(child);
        }

        foreach (var child in moved)
        {
            child.UpdateCanceledBy();
        }
    }

    /// <summary>Puts a new scope between this one and one of its children.</summary>
    internal void MoveBelow(CancelScope parent)
    {
        Unlink();
        parent.Link(this);
        UpdateCanceledBy();
    }

    /// <summary>
    /// Its parent has changed, or it was cancelled: a cancellation that reaches in here now is taken over by all scopes below that no
    /// shield keeps it from, and the tasks hear of it that were in none before. So a wait is asked to end once.
    /// </summary>
    private void UpdateCanceledBy()
    {
        var cause = Cause;
        if (ReferenceEquals(cause, CanceledBy))
        {
            return;
        }

        // In two passes: an abort handler that looks around must find every scope of the subtree in its new state, and
        // what ends at once on the way takes its scope out of the tree.
        var newly = new List<CancelScope>();
        for (var scope = this; scope is not null; scope = scope.NextReached(this))
        {
            if (scope.CanceledBy is null)
            {
                newly.Add(scope);
            }

            scope.CanceledBy = cause;
        }

        foreach (var scope in newly)
        {
            scope.CancelTokenSource();
            scope.Host?.DeliverCancellation(scope);
            scope.TaskSet?.DeliverCancellation();
        }
    }

    /// <summary>
    /// This scope; once it has been left uncancelled, the next one out that has not. Code that a task entered a scope for stays that
    /// task's, and never lands in what the task shares with others.
    /// </summary>
    internal CancelScope StillInForce
    {
        get
        {
            var scope = this;
            while (scope is { _hasExited: true, CanceledBy: null, _parent: { } parent })
            {
                scope = scope is { IsTaskScope: false, Host: { } host } && ReferenceEquals(parent, host.Set.Scope)
                    ? host.OwnScope
                    : parent;
            }

            return scope;
        }
    }

    internal bool IsWithin(CancelScope scope)
    {
        for (var s = this; s is not null; s = s._parent)
        {
            if (ReferenceEquals(s, scope))
            {
                return true;
            }
        }

        return false;
    }

    internal CancelScope? Parent => _parent;

    /// <summary>The next scope, in pre-order, of those below the top that its cancellation reaches.</summary>
    private CancelScope? NextReached(CancelScope top)
    {
        for (var child = _firstChild; child is not null; child = child._next)
        {
            if (!child._isShield)
            {
                return child;
            }
        }

        for (var scope = this; !ReferenceEquals(scope, top); scope = scope._parent!)
        {
            for (var sibling = scope._next; sibling is not null; sibling = sibling._next)
            {
                if (!sibling._isShield)
                {
                    return sibling;
                }
            }
        }

        return null;
    }

    /// <summary>Adds the tasks of this scope and of all below it, shielded ones too.</summary>
    /// <remarks>Without recursion: scopes may be nested deeper than a stack is.</remarks>
    internal void CollectTasks(List<LoopTask> tasks)
    {
        for (var scope = this; scope is not null; scope = scope.NextBelow(this))
        {
            for (var task = scope.TaskSet?.First; task is not null; task = task.NextInSet)
            {
                tasks.Add(task);
            }
        }
    }

    /// <summary>The next scope, in pre-order, of all those below the top.</summary>
    private CancelScope? NextBelow(CancelScope top)
    {
        if (_firstChild is not null)
        {
            return _firstChild;
        }

        var scope = this;
        while (!ReferenceEquals(scope, top) && scope._next is null)
        {
            scope = scope._parent!;
        }

        return ReferenceEquals(scope, top) ? null : scope._next;
    }

    private void Link(CancelScope child)
    {
        child._parent = this;
        child._next = _firstChild;
        if (_firstChild is not null)
        {
            _firstChild._previous = child;
        }

        _firstChild = child;
    }

    private void Unlink()
    {
        if (_previous is not null)
        {
            _previous._next = _next;
        }
        else if (_parent is not null && ReferenceEquals(_parent._firstChild, this))
        {
            _parent._firstChild = _next;
        }

        if (_next is not null)
        {
            _next._previous = _previous;
        }

        _next = _previous = null;
    }

    /// <param name="scope">What it cancels.</param>
    /// <param name="setAt">When there first was a deadline to wait for.</param>
    private sealed class DeadlineTimer(CancelScope scope, TimeSpan setAt) : TimerNode
    {
        internal TimeSpan SetAt => setAt;

        internal void Cancel() => scope.Loop.Timers.Cancel(this);

        protected internal override void Fire() => scope.Expire();
    }
}
