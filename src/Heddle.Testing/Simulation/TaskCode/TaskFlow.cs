using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>One line of execution of <see cref="Task"/> code: an <c>async</c> method and those that it awaits. In a simulation it is a task of the loop, and each of its continuations a turn.</summary>
internal sealed class TaskFlow
{
    private static readonly ConditionalWeakTable<LoopTask, TaskFlow> s_flows = [];
    private static readonly AwaitSite s_pool = new("work for the thread pool", AwaitSite.Start, 1, null, 0);

    private readonly Queue<(SendOrPostCallback Callback, object? State)> _posts = [];
    private Resumption<Nothing>? _wait;

    /// <summary>What it does in the thread pool.</summary>
    /// <param name="work">Which piece of work it is.</param>
    internal TaskFlow(PoolWork work) => (Name, Work) = ("pool", work);

    /// <param name="name">Of the task.</param>
    /// <param name="method">The method that nobody awaited when it first went on; null of what is no method, such as a callback.</param>
    internal TaskFlow(string name, Task? method) => (Name, Method) = (name, method);

    /// <summary>Of the method, as it was when it went on first.</summary>
    internal string Name { get; }

    internal Task? Method { get; set; }

    /// <summary>What it does in the thread pool, if that is what it is.</summary>
    internal PoolWork? Work { get; }

    /// <summary>Whether its code runs now.</summary>
    internal bool IsInTurn { get; set; }

    internal bool HasPosts => _posts.Count > 0;

    /// <summary>Whether there is nothing that it could still be given.</summary>
    internal bool HasEnded => _posts.Count == 0 && (Method?.IsCompleted ?? Work is not null);

    /// <summary>The await at which it stands, in the program's code if it is in any.</summary>
    internal AwaitSite Site
    {
        get
        {
            if (Work is not null)
            {
                return s_pool;
            }

            var method = _posts.TryPeek(out var post) ? AsyncMethods.Behind(post.State) : Innermost(Method);
            return method is null ? AwaitSites.None : AsyncMethods.SiteOf(method);
        }
    }

    /// <returns>Null if the task is one of coroutines.</returns>
    internal static TaskFlow? Of(LoopTask task) => s_flows.TryGetValue(task, out var flow) ? flow : null;

    /// <summary>Its turns are those of the task.</summary>
    internal void Belongs(LoopTask task) => s_flows.Add(task, this);

    internal void Give(SendOrPostCallback callback, object? state)
    {
        _posts.Enqueue((callback, state));
        Wake();
    }

    internal bool TryTake(out (SendOrPostCallback Callback, object? State) post) => _posts.TryDequeue(out post);

    internal void Wake()
    {
        var wait = _wait;
        _wait = null;
        wait?.TryResume(default);
    }

    /// <summary>Waits until it is given something, or woken.</summary>
    internal Coroutine<Nothing> NextAsync() => Suspend.UntilResumedAsync<TaskFlow, Nothing>(
        this,
        static (resumption, flow) =>
        {
            flow._wait = resumption;
            if (flow._posts.Count > 0)
            {
                flow.Wake();
            }
        },
        static flow =>
        {
            flow._wait = null;
            return true;
        },
        "an await of a Task");

    private static Task? Innermost(Task? method)
    {
        for (var depth = 0; method is not null && depth < 1000 && AsyncMethods.AwaitedBy(method) is { IsCompleted: false } awaited; depth++)
        {
            method = awaited;
        }

        return method;
    }
}
