using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A generator's life, whatever its types: begun, stepped alone or on another's stack, ended.</summary>
internal abstract class GeneratorBody<TYield, TSend> : GeneratorPort<TYield, TSend>, IGeneratorBody
{
    /// <summary>The body's first frame; its parent is this.</summary>
    private Frame? _root;

    private Exception? _failure;

    /// <summary>Its status is never cold, so that no runner steps it for being awaited.</summary>
    private bool _hasBegun;

    private protected GeneratorBody()
    {
        Runner = new GeneratorRunner(this);
        Status = FrameStatus.Running;
    }

    public GeneratorRunner Runner { get; }

    public bool IsRunning
    {
        get
        {
            if (Runner.State == RunnerState.Running)
            {
                return true;
            }

            return DelegatedBy is not null && Outermost.State == RunnerState.Running;
        }
    }

    internal GeneratorState State
        => HasEnded ? GeneratorState.Closed
        : !_hasBegun ? GeneratorState.Created
        : IsRunning ? GeneratorState.Running
        : GeneratorState.Suspended;

    /// <summary>The runner on whose stack its frames stand.</summary>
    private GeneratorRunner Outermost
    {
        get
        {
            GeneratorPort port = this;
            while (port.DelegatedBy is { } delegation)
            {
                port = delegation.Owner;
            }

            return ((IGeneratorBody)port).Runner;
        }
    }

    /// <summary>Makes it ready to be stepped alone; false if it has ended.</summary>
    /// <exception cref="InvalidOperationException">It is running.</exception>
    public bool TryMakeReady()
    {
        if (HasEnded)
        {
            return false;
        }

        if (IsRunning)
        {
            throw GeneratorErrors.AlreadyRunning();
        }

        if (!_hasBegun)
        {
            Begin();
        }

        DelegatedBy?.Detach(Outermost);
        return true;
    }

    /// <summary>The body has awaited a yield.</summary>
    internal sealed override Frame? MeetAwait(Frame caller, Runner runner)
    {
        if (Status != FrameStatus.Running || runner is not GeneratorRunner generator || !ReferenceEquals(generator.Active, this))
        {
            return RefuseYield(caller, runner);
        }

        if (!ReferenceEquals(runner.Top, caller))
        {
            runner.Top = caller;
        }

        runner.State = RunnerState.Suspended;
        return null;
    }

    /// <summary>The body has ended.</summary>
    internal sealed override Frame? Step(Runner current, int depth)
    {
        if (_root is { } root)
        {
            _root = null;
            _failure = KeepOutcome(root);
            root.Recycle();
        }

        End();
        if (DelegatedBy is { } delegation)
        {
            DelegatedBy = null;
            return delegation.OnInnerEnded(Unsafe.As<GeneratorRunner>(current));
        }

        return null;
    }

    /// <summary>Has the innermost body's yield throw it. That a body is closed reaches one after the other, from the inside.</summary>
    internal void ThrowInto(Exception exception)
    {
        var isAtYield = Runner.Top is not IDelegation;
        if (exception is not GeneratorExitException)
        {
            Runner.Active.Thrown = exception;
            return;
        }

        if (isAtYield)
        {
            Runner.Active.Thrown = exception;
        }

        Runner.State = RunnerState.Running;
        while ((Runner.Top as IDelegation ?? Runner.Active.DelegatedBy) is { } delegation)
        {
            delegation.Fail(Runner, delegation.CloseInner(Runner) ?? exception);
        }
    }

    /// <summary>Runs what was just told to throw, for a close; returns the failure, if that is one.</summary>
    public Exception? RunToClose()
    {
        Runner.Run();
        if (Runner.State == RunnerState.Suspended)
        {
            return GeneratorErrors.IgnoredClose();
        }

        return TakeFailure() is { } failure and not GeneratorExitException ? failure : null;
    }

    /// <summary>Closes it. Returns what that failed with, if it did.</summary>
    public Exception? Close()
    {
        if (State == GeneratorState.Created)
        {
            End();
        }

        if (!TryMakeReady())
        {
            return null;
        }

        ThrowInto(new GeneratorExitException());
        return RunToClose();
    }

    /// <summary>Ends one that has not begun, with none of its body run.</summary>
    internal void EndUnstarted() => End();

    public Exception? TakeFailure()
    {
        var failure = _failure;
        _failure = null;
        return failure;
    }

    internal sealed override bool TryBreak()
    {
        if (Status == FrameStatus.Aborting)
        {
            return false;
        }

        Status = FrameStatus.Aborting;
        return true;
    }

    internal sealed override void GiveUpBody(GeneratorRunner runner, Exception failure)
    {
        _root = null;
        _failure = failure;
        runner.Top = this;
    }

    internal sealed override Failure GetFailure() => throw new System.Diagnostics.UnreachableException();

    internal sealed override void Recycle()
    {
    }

    /// <summary>The cold frame of a body that is now called.</summary>
    private protected abstract Frame Call();

    private protected abstract void KeepResult(Frame root);

    /// <summary>Lets go of what only a body that runs needs.</summary>
    private protected abstract void Forget();

    private void Begin()
    {
        Frame root;
        Runner.State = RunnerState.Running;
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
        _root = root;
        _hasBegun = true;
        Runner.Top = root;
        Runner.State = RunnerState.Suspended;
    }

    private void End()
    {
        Status = FrameStatus.Succeeded;
        Runner.State = RunnerState.Ended;
        Runner.Top = null;
        Yielded = default!;
        Sent = default!;
        Forget();
    }

    private Frame? RefuseYield(Frame caller, Runner runner)
    {
        if (runner is GeneratorRunner generator && ReferenceEquals(generator.Active, this))
        {
            GiveUpBody(generator, GeneratorErrors.Broken());
            return generator.Top;
        }

        // The frame that awaits is stepped again, and its awaiter throws.
        Thrown = GeneratorErrors.NotItsBody();
        return caller;
    }

    private Exception? KeepOutcome(Frame root)
    {
        if (!root.HasSucceeded)
        {
            return GeneratorErrors.OutOfBody(root.GetFailure().Exception);
        }

        if (Status == FrameStatus.Aborting)
        {
            return GeneratorErrors.Broken();
        }

        KeepResult(root);
        return null;
    }
}
