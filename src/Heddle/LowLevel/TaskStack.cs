using System.ComponentModel;

namespace Heddle.LowLevel;

/// <summary>Where a task stands: for tools that say at which await it is.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TaskStack
{
    /// <summary>The name of an asynchronous method, such as <c>Cache.GetAsync</c>, from what the compiler made of it; null for what no person wrote. Any thread.</summary>
    public static string? NameOf(Type stateMachine)
    {
        ArgumentNullException.ThrowIfNull(stateMachine);
        return MethodNames.Of(stateMachine);
    }

    extension(LoopTask task)
    {
        /// <summary>
        /// The coroutines that the task is in, the innermost first: the method, as in <see cref="TaskSnapshot.Frames"/>, and a copy of what the compiler made
        /// of it, with its state and its locals. None while it runs, and once it has ended. Loop thread only.
        /// </summary>
        public IReadOnlyList<(string Method, object StateMachine)> Coroutines
        {
            get
            {
                var stack = new List<(string, object)>();
                for (var frame = task.State == RunnerState.Running ? null : task.Top; frame is not null; frame = frame.Awaiter)
                {
                    if (frame is { Name: { } name, Locals: { } locals })
                    {
                        stack.Add((name, locals));
                    }
                }

                return stack;
            }
        }

        /// <summary>The task in whose group it runs; null for one of the loop's own. Loop thread only.</summary>
        public LoopTask? Owner => task.StartedBy;
    }
}
