using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The awaiting of another generator: its frames come onto the stack of the one that awaits.</summary>
/// <remarks>
/// Each stays a generator of its own: asked directly, it takes its frames off that stack, and this puts them back when its
/// turn comes. While they are away this is the top of the stack.
/// </remarks>
internal sealed class Delegation<TYield, TSend, TReturn> : Frame<TReturn>, IDelegation
{
    private readonly GeneratorBody<TYield, TSend, TReturn> _inner;
    private readonly object _target;
    private Exception? _failure;

    internal Delegation(GeneratorPort owner, GeneratorBody<TYield, TSend, TReturn> inner, object target)
    {
        Owner = owner;
        _inner = inner;
        _target = target;
        Status = FrameStatus.Cold;
    }

    public GeneratorPort Owner { get; }

    internal override Frame? Step(Runner current, int depth)
    {
        if (Status == FrameStatus.Cold)
        {
            if (current is not GeneratorRunner generator || !ReferenceEquals(generator.Active, Owner))
            {
                End(GeneratorErrors.NotItsBody());
                return current.Return(this);
            }

            Status = FrameStatus.Running;
            Owner.YieldsFrom = _target;
            Owner.ForgetSent();
        }

        var runner = Unsafe.As<GeneratorRunner>(current);
        if (TryAttach(runner))
        {
            return runner.Top;
        }

        Owner.YieldsFrom = null;
        return runner.Return(this);
    }

    public Frame? OnInnerEnded(GeneratorRunner runner)
    {
        Owner.YieldsFrom = null;
        Value = _inner.Result;
        End(_inner.TakeFailure());
        runner.Active = Owner;
        return runner.Return(this);
    }

    public void Detach(GeneratorRunner runner)
    {
        var own = _inner.Runner;
        own.Top = runner.Top;
        own.Active = runner.Active;
        own.State = RunnerState.Suspended;
        _inner.DelegatedBy = null;
        runner.Top = this;
        runner.Active = Owner;
    }

    public Exception? CloseInner(GeneratorRunner runner)
    {
        if (_inner.DelegatedBy != this)
        {
            return _inner.IsRunning ? GeneratorErrors.AlreadyRunning() : _inner.Close();
        }

        Detach(runner);
        return _inner.RunToClose();
    }

    public void Fail(GeneratorRunner runner, Exception failure)
    {
        Owner.YieldsFrom = null;
        End(failure);
        runner.Active = Owner;
        runner.Top = Parent;
    }

    internal override Failure GetFailure() => _failure!;

    internal override void Recycle()
    {
    }

    /// <summary>Goes on with the inner one; if that cannot go on, this has ended.</summary>
    private bool TryAttach(GeneratorRunner runner)
    {
        var thrown = Owner.TakeThrown();
        try
        {
            if (!_inner.TryMakeReady())
            {
                EndAtClosed(thrown);
                return false;
            }
        }
        catch (Exception failure)
        {
            End(failure);
            return false;
        }

        var own = _inner.Runner;
        runner.Top = own.Top;
        runner.Active = own.Active;
        runner.Active.Thrown = thrown;
        own.Top = null;
        own.State = RunnerState.Ready;
        _inner.DelegatedBy = this;
        Owner.PassSentTo(runner.Active, runner);
        return true;
    }

    /// <summary>
    /// The inner one had ended before. Then it yields nothing and returns nothing, and throws back what is thrown into it, of
    /// which an end is taken for its end.
    /// </summary>
    private void EndAtClosed(Exception? thrown)
    {
        if (thrown is StopIterationException end)
        {
            Value = end.Value is TReturn result ? result : default!;
            thrown = null;
        }

        End(thrown);
    }

    private void End(Exception? failure)
    {
        _failure = failure;
        Status = failure is null ? FrameStatus.Succeeded : FrameStatus.Failed;
    }
}
