using System.ComponentModel;

namespace Heddle.Tool.Scripting;

/// <summary>What every input sees beside the namespaces: the calls that <see cref="ContextKeeping"/> adds to it. Not for your code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ReplGlobals
{
    internal ReplGlobals()
    {
    }

    /// <summary>The ambient context that the next input begins in.</summary>
    internal ExecutionContext? Context { get; private set; }

    /// <summary>Keeps the ambient context as it is now.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void __Keep() => Context = ExecutionContext.Capture() ?? Context;

    /// <inheritdoc cref="__Keep()"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public object? __Keep(object? value)
    {
        __Keep();
        return value;
    }
}
