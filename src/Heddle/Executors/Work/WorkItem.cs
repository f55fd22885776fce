using System.Diagnostics;

namespace Heddle;

/// <summary>A function with its arguments: what an <see cref="IExecutor"/> runs.</summary>
/// <remarks>
/// On threads any function will do. One that goes to another process or machine must be a static method, or a lambda that captures
/// nothing, and its arguments and result go there and back as data: what has no references in it as its bytes, strings, arrays of those, and
/// all else as JSON by its declared type. What would arrive changed is refused with a <see cref="NotPortableException"/>. Make one with <c>Of</c>; most calls need none, see <see cref="ExecutorExtensions"/>.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public abstract partial class WorkItem
{
    private protected WorkItem()
    {
    }

    /// <summary>The function, without its arguments.</summary>
    public abstract Delegate Function { get; }

    /// <summary>Whether the function takes a token, so that it can be asked to stop.</summary>
    public abstract bool TakesToken { get; }

    /// <summary>The function's name.</summary>
    public override string ToString() => FunctionNames.Of(Function);

    /// <summary>Whether who makes such calls limits their number, so that an executor need not.</summary>
    internal virtual bool IsBounded => false;

    internal abstract void WriteRequest(PayloadWriter writer);
}

/// <summary>A function with its arguments, and what it returns.</summary>
/// <inheritdoc cref="WorkItem" path="/remarks"/>
public abstract class WorkItem<TResult> : WorkItem
{
    private protected WorkItem()
    {
    }

    /// <summary>Calls the function, here and now. It can be called several times.</summary>
    /// <param name="cancellationToken">Given to the function if it takes one.</param>
    public abstract TResult Invoke(CancellationToken cancellationToken = default);

    internal abstract TResult ReadResult(ref PayloadReader reader);
}
