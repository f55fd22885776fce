using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>An asynchronous generator's life: its frames stand on the stack of the task that asks it for a value, until it yields.</summary>
/// <remarks>So whatever the body awaits is awaited by that task, in that task's scope, with nothing between them.</remarks>
internal abstract class AsyncGeneratorBody<TYield, TSend> : GeneratorPort<TYield, TSend>
{
    private readonly Held _held;

    /// <summary>The body's first frame; its parent is this.</summary>
    private Frame? _root;

    /// <summary>The body's frame to go on with.</summary>
    private Frame? _top;

    /// <summary>What waits for the next yield; null while the body waits at one.</summary>
    private AsyncAdvance<TYield, TSend>? _advance;

    private bool _isScopeLeft;

    /// <summary>Its status is never cold, so that no task steps it for being awaited.</summary>
    private bool _hasBegun;

    private protected AsyncGeneratorBody()
    {
        Status = FrameStatus.Running;
        _held = new Held(this);
        BirthScope = LoopTask.Current is null ? null : Flow.Current.Scope.OfStarted;
    }

    internal sealed override bool IsInTasks => true;

    /// <summary>The body goes on for who has asked it.</summary>
    internal sealed override Frame? Awaiter => _advance;

    /// <summary>The scope that it was made in, which closes it; null until it is begun if that was outside of any task.</summary>
    private CancelScope? BirthScope { get; set; }

    internal bool IsRunning => _advance is not null;

    internal GeneratorState State
        => HasEnded ? GeneratorState.Closed
        : !_hasBegun ? GeneratorState.Created
        : IsRunning ? GeneratorState.Running
        : GeneratorState.Suspended;

    /// <summary>A wait that is over, for the next one.</summary>
    internal AsyncAdvance<TYield, TSend>? FreeAdvance { get; set; }

    /// <summary>A wait for the next yield, or for the end.</summary>
    internal AsyncAdvance<TYield, TSend> Advance(
        AdvanceKind kind, TSend sent = default!, Exception? thrown = null, bool meetsCancellation = true)
    {
        var advance = FreeAdvance ?? new AsyncAdvance<TYield, TSend>(this);
        FreeAdvance = null;
        return advance.For(kind, sent, thrown, meetsCancellation);
    }

    /// <summary>Puts the body on the stack of the task, on top of the advance: the frame to step next. It is not running and has not ended.</summary>
    internal Frame GoOn(AsyncAdvance<TYield, TSend> advance, LoopTask task)
    {
        if (!_hasBegun)
        {
            Begin(task);
        }

        // It may be large, and the next one long in coming.
        Yielded = default!;
        _advance = advance;
        var top = _top!;
        _top = null;
        return top;
    }

    /// <summary>Ends one that has not begun, with none of its body run.</summary>
    internal void EndUnstarted() => End();

    /// <summary>The body has awaited a yield.</summary>
    internal sealed override Frame? MeetAwait(Frame caller, Runner runner)
    {
        if (_advance is not { } advance || !ReferenceEquals(advance.Task, runner))
        {
            Thrown = GeneratorErrors.NotItsBody();
        }
        else if (!advance.IsInItsScope)
        {
            Thrown = GeneratorErrors.YieldInScope();
        }
        else if (_isScopeLeft)
        {
            Thrown = new GeneratorExitException();
        }
        else
        {
            _top = caller;
            _advance = null;
            return advance.OnYielded();
        }

        // The frame that awaits is stepped again, and its awaiter throws.
        return caller;
    }

    /// <summary>The body has ended.</summary>
    internal sealed override Frame? Step(Runner runner, int depth)
    {
        var root = _root!;
        var advance = _advance!;
        Exception? failure = null;
        if (root.HasSucceeded)
        {
            KeepResult(root);
        }
        else
        {
            failure = GeneratorErrors.OutOfBody(root.GetFailure().Exception);
        }

        root.Recycle();
        End();
        return advance.OnEnded(failure is GeneratorExitException && _isScopeLeft ? null : failure);
    }

    internal sealed override bool TryBreak() => throw new System.Diagnostics.UnreachableException();

    internal sealed override void GiveUpBody(GeneratorRunner runner, Exception failure) => throw new System.Diagnostics.UnreachableException();

    internal sealed override Failure GetFailure() => throw new System.Diagnostics.UnreachableException();

    internal sealed override void Recycle()
    {
    }

    /// <summary>The cold frame of a body that is now called.</summary>
    private protected abstract Frame Call();

    private protected abstract void KeepResult(Frame root);

    /// <summary>Lets go of what only a body that runs needs.</summary>
    private protected abstract void Forget();

    private void Begin(LoopTask task)
    {
        Frame root;
        try
        {
            root = Call();
        }
        catch
        {
            End();
            throw;
        }

        root.Parent = this;
        _root = _top = root;
        _hasBegun = true;
        var scope = BirthScope?.StillInForce;
        (scope is { IsLeft: false } && scope.Loop == task.Loop ? scope : task.ScopeOfSteps.OfStarted).Hold(_held);
    }

    private void End()
    {
        Status = FrameStatus.Succeeded;
        CancelScope.Release(_held);
        BirthScope = null;
        _root = _top = null;
        _advance = null;
        Yielded = default!;
        Sent = default!;
        Forget();
    }

    /// <summary>Its place in the scope. One that runs at that moment, in another task, ends at its next yield.</summary>
    private sealed class Held(AsyncGeneratorBody<TYield, TSend> body) : ScopedResource
    {
        internal override Coroutine CloseWithScopeAsync()
        {
            body._isScopeLeft = true;
            return body.IsRunning ? default : new Coroutine(body.Advance(AdvanceKind.Close, meetsCancellation: false));
        }
    }
}
