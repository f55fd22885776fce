using Heddle.LowLevel;

namespace Heddle;

/// <summary>What an asynchronous generator is asked for.</summary>
internal enum AdvanceKind : byte
{
    /// <summary>To go on.</summary>
    Send,

    /// <summary>To throw, and go on.</summary>
    Throw,

    /// <summary>To end.</summary>
    Close,
}

/// <summary>The wait of a task for an asynchronous generator's next yield. Ends with whether there was one.</summary>
internal sealed class AsyncAdvance<TYield, TSend>(AsyncGeneratorBody<TYield, TSend> body) : Frame<bool>
{
    private AdvanceKind _kind;
    private bool _meetsCancellation;
    private TSend _sent = default!;
    private Exception? _thrown;
    private Exception? _failure;
    private ScopeContext? _scope;
    private ExecutionContext? _context;

    /// <summary>The task that waits; null before it does.</summary>
    internal LoopTask? Task { get; private set; }

    /// <summary>Whether the task is in the scope that it was in when it asked, and the body in none of its own.</summary>
    internal bool IsInItsScope => ReferenceEquals(Task!.EnteredScope, _scope);

    /// <param name="kind">What is asked for.</param>
    /// <param name="sent">What the yield is to return, if it is not to throw.</param>
    /// <param name="thrown">What it is to throw.</param>
    /// <param name="meetsCancellation">Whether a cancelled scope is met before, and nothing asked for.</param>
    internal AsyncAdvance<TYield, TSend> For(AdvanceKind kind, TSend sent, Exception? thrown, bool meetsCancellation)
    {
        Status = FrameStatus.Cold;
        Value = false;
        _kind = kind;
        _sent = sent;
        _thrown = thrown;
        _meetsCancellation = meetsCancellation;
        return this;
    }

    internal override Frame? Step(Runner runner, int depth)
    {
        var task = LoopTask.Of(runner);
        Status = FrameStatus.Running;
        if (_meetsCancellation && task.Scope.CanceledBy is not null)
        {
            task.CountRefusal();
            End(task.Scope.CreateCancellation());
            return runner.Return(this);
        }

        Task = task;
        _scope = task.EnteredScope;
        _context = ExecutionContext.Capture();
        try
        {
            if (TryGoOn(task) is { } next)
            {
                return next;
            }
        }
        catch (Exception failure)
        {
            End(failure);
        }

        return runner.Return(this);
    }

    /// <summary>It waits for what may await anything, so a task is needed for it.</summary>
    internal override bool RefuseWithoutTask()
    {
        End(Misuse.NeedsTask());
        return true;
    }

    /// <summary>The frame to step next, of what waits for the yield.</summary>
    internal Frame? OnYielded()
    {
        Value = true;
        return Leave(_kind == AdvanceKind.Close ? GeneratorErrors.IgnoredClose() : null);
    }

    /// <summary>The frame to step next, of what waits for the end.</summary>
    internal Frame? OnEnded(Exception? failure)
        => Leave(_kind == AdvanceKind.Close && failure is GeneratorExitException ? null : failure);

    internal override Failure GetFailure() => _failure!;

    internal override void GiveUp(Exception failure) => End(failure);

    internal override void Recycle()
    {
        _sent = default!;
        _thrown = _failure = null;
        _scope = null;
        _context = null;
        Task = null;
        body.FreeAdvance = this;
    }

    internal override string Describe() => "an asynchronous generator";

    /// <summary>The body's frame to go on with; null if that ends at once: with the failure, or with no more values.</summary>
    private Frame? TryGoOn(LoopTask task)
    {
        if (body.IsRunning)
        {
            throw GeneratorErrors.AlreadyRunning();
        }

        if (body.State == GeneratorState.Created)
        {
            if (_kind != AdvanceKind.Send)
            {
                body.EndUnstarted();
                _thrown = _thrown is null ? null : GeneratorErrors.OutOfBody(_thrown);
            }
            else if (!EqualityComparer<TSend>.Default.Equals(_sent, default))
            {
                throw GeneratorErrors.SentBeforeStart();
            }
        }

        if (body.HasEnded)
        {
            End(_thrown);
            return null;
        }

        body.Thrown = _kind == AdvanceKind.Close ? new GeneratorExitException() : _thrown;
        body.Sent = _sent;
        return body.GoOn(this, task);
    }

    /// <summary>The task goes on with what awaits this, in the ambient context that it had.</summary>
    private Frame? Leave(Exception? failure)
    {
        End(failure);
        if (!ReferenceEquals(ExecutionContext.Capture(), _context))
        {
            AmbientContext.Restore(_context);
        }

        return Task!.Return(this);
    }

    private void End(Exception? failure)
    {
        _failure = failure;
        Status = failure is null ? FrameStatus.Succeeded : FrameStatus.Failed;
    }
}
