using System.Diagnostics;

namespace Heddle;

/// <summary>Where a generator's body and its caller meet: what one yields and the other sends or throws passes through here.</summary>
internal abstract class GeneratorPort : Frame
{
    /// <summary>What the yield at which the body waits is to throw.</summary>
    internal Exception? Thrown;

    /// <summary>The awaiting of it by the body that yields from this one; null while it stands alone.</summary>
    internal IDelegation? DelegatedBy;

    /// <summary>What its body yields from.</summary>
    internal object? YieldsFrom;

    /// <summary>Its body has awaited what it cannot; false if it had done so before.</summary>
    internal abstract bool TryBreak();

    /// <summary>The body cannot be gone on with: it ends with the failure, and none of it runs any more.</summary>
    internal abstract void GiveUpBody(GeneratorRunner runner, Exception failure);

    /// <summary>A value was sent that has not the type which this takes.</summary>
    internal abstract void RefuseValue(GeneratorRunner runner);

    /// <summary>A value that was sent while it stood between is for the one that it goes on with.</summary>
    internal abstract void PassSentTo(GeneratorPort inner, GeneratorRunner runner);

    /// <summary>What was sent has been taken.</summary>
    internal abstract void ForgetSent();

    internal Exception? TakeThrown()
    {
        var thrown = Thrown;
        Thrown = null;
        return thrown;
    }

    [StackTraceHidden]
    internal void ThrowIntoBody() => Unwinding.ThrownInto(TakeThrown()!, awaiting: null).Throw();
}

internal abstract class GeneratorPort<TYield> : GeneratorPort
{
    internal TYield Yielded = default!;
}

/// <summary>That of a body.</summary>
internal abstract class GeneratorPort<TYield, TSend> : GeneratorPort<TYield>
{
    /// <summary>What the yield at which the body waits is to return.</summary>
    internal TSend Sent = default!;

    /// <summary>Whether the body runs in tasks, and can delegate only by driving the inner one itself.</summary>
    internal virtual bool IsInTasks => false;

    internal sealed override void PassSentTo(GeneratorPort inner, GeneratorRunner runner)
    {
        if (inner is GeneratorPort<TYield, TSend> port)
        {
            port.Sent = Sent;
        }
        else if (!EqualityComparer<TSend>.Default.Equals(Sent, default))
        {
            inner.RefuseValue(runner);
        }

        ForgetSent();
    }

    internal sealed override void ForgetSent() => Sent = default!;

    internal sealed override void RefuseValue(GeneratorRunner runner)
    {
        if (typeof(TSend) != typeof(Nothing))
        {
            var delegation = DelegatedBy!;
            delegation.Detach(runner);
            delegation.Fail(runner, GeneratorErrors.TakesNoValues(this));
        }
    }
}
