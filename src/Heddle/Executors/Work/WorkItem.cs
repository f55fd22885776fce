using System.ComponentModel;
using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A function with its arguments: what an <see cref="IExecutor"/> runs.</summary>
/// <remarks>
/// On threads any function will do. One that goes to another process or machine (the package <c>Heddle.Executors</c>) must be a static method, or a
/// lambda that captures nothing, and its arguments and result go there and back as data: what would arrive changed is refused with a
/// <see cref="NotPortableException"/>. Make one with <c>Of</c>; most calls need none, see <see cref="ExecutorExtensions"/>.
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

    /// <summary>Whether who makes such calls limits their number, so that an executor need not.</summary>
    internal virtual bool IsBounded => false;

    /// <summary>Gives the arguments away, by their declared types. For executors over a wire.</summary>
    /// <exception cref="NotPortableException">The writer refuses one.</exception>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public abstract void WriteArguments(IWorkWriter writer);

    /// <summary>This function, whatever its arguments here are, with those that <see cref="WriteArguments"/> has given away elsewhere: where the work is done.</summary>
    /// <exception cref="NotPortableException">The reader refuses one.</exception>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public abstract WorkItem ReadArguments(IWorkReader reader);

    /// <summary>Calls the function, here and now, and gives its result away. What it throws is thrown.</summary>
    /// <param name="writer">Where the result goes.</param>
    /// <param name="cancellationToken">Given to the function if it takes one.</param>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public abstract void InvokeTo(IWorkWriter writer, CancellationToken cancellationToken);

    /// <summary>The function's name.</summary>
    public override string ToString() => FunctionNames.Of(Function);
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

    /// <summary>Takes the result that <see cref="WorkItem.InvokeTo"/> has given away elsewhere.</summary>
    /// <exception cref="NotPortableException">The reader refuses it.</exception>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public abstract TResult ReadResult(IWorkReader reader);
}
