using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The awaiting of a plain sequence: it yields, but takes nothing that is sent or thrown.</summary>
internal sealed class EnumerableDelegation<TYield> : GeneratorPort<TYield>, IDelegation
{
    private readonly IEnumerable<TYield> _source;
    private IEnumerator<TYield>? _items;
    private Exception? _failure;

    internal EnumerableDelegation(GeneratorPort owner, IEnumerable<TYield> source)
    {
        Owner = owner;
        _source = source;
        Status = FrameStatus.Cold;
    }

    public GeneratorPort Owner { get; }

    internal override Frame? Step(Runner current, int depth)
    {
        if (Status == FrameStatus.Cold && !TryBegin(current))
        {
            return current.Return(this);
        }

        var runner = Unsafe.As<GeneratorRunner>(current);
        try
        {
            if (Thrown is null && (_items ??= _source.GetEnumerator()).MoveNext())
            {
                Yielded = _items.Current;
                runner.Top = this;
                runner.State = RunnerState.Suspended;
                return null;
            }

            End(TakeThrown());
        }
        catch (Exception failure)
        {
            End(failure);
        }

        End(DisposeItems() ?? _failure);
        Leave(runner);
        return runner.Return(this);
    }

    public Exception? CloseInner(GeneratorRunner runner) => DisposeItems();

    public void Fail(GeneratorRunner runner, Exception failure)
    {
        End(failure);
        Leave(runner);
        runner.Top = Parent;
    }

    public Frame? OnInnerEnded(GeneratorRunner runner) => throw new System.Diagnostics.UnreachableException();

    public void Detach(GeneratorRunner runner) => throw new System.Diagnostics.UnreachableException();

    internal override bool TryBreak() => Owner.TryBreak();

    internal override void GiveUpBody(GeneratorRunner runner, Exception failure) => Owner.GiveUpBody(runner, failure);

    internal override void RefuseValue(GeneratorRunner runner) => Thrown = GeneratorErrors.TakesNoValues(_source);

    internal override void PassSentTo(GeneratorPort inner, GeneratorRunner runner) => throw new System.Diagnostics.UnreachableException();

    internal override void ForgetSent()
    {
    }

    internal override Failure GetFailure() => _failure!;

    internal override void Recycle()
    {
    }

    private bool TryBegin(Runner current)
    {
        if (current is not GeneratorRunner runner || !ReferenceEquals(runner.Active, Owner))
        {
            End(GeneratorErrors.NotItsBody());
            return false;
        }

        Status = FrameStatus.Running;
        Owner.YieldsFrom = _source;
        runner.Active = this;
        return true;
    }

    private void End(Exception? failure)
    {
        _failure = failure;
        Status = failure is null ? FrameStatus.Succeeded : FrameStatus.Failed;
    }

    private void Leave(GeneratorRunner runner)
    {
        Owner.YieldsFrom = null;
        runner.Active = Owner;
    }

    private Exception? DisposeItems()
    {
        try
        {
            _items?.Dispose();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
        finally
        {
            _items = null;
        }
    }
}
