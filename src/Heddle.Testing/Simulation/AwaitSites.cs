using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>An await in the program's code.</summary>
/// <param name="Method">The method that it stands in, the nearest that is not Heddle's.</param>
/// <param name="Callee">What is awaited, such as <c>AsyncLock.LockAsync</c>; "start" where the method has not begun.</param>
/// <param name="Rank">The how-manieth await of that in the method, from 1.</param>
/// <param name="File">Null where there are no symbols.</param>
/// <param name="Line">Zero where there are no symbols.</param>
internal sealed record AwaitSite(string Method, string Callee, int Rank, string? File, int Line)
{
    internal const string Start = "start";

    /// <summary>The method of a task that has nothing on its stack but Heddle's own.</summary>
    internal const string Heddle = "Heddle";

    /// <summary>Names it in a recording. No state number and no line, since those change with each edit of the code around.</summary>
    internal string Name { get; } = Recording.Escape(
        Callee == Start ? $"{Method}>{Start}" : $"{Method}>{Callee}{(Rank > 1 ? $"*{Rank}" : "")}");

    /// <summary>Whether it is where a simulated program begins.</summary>
    internal bool IsStartOfBody => Rank == 0;

    internal string? Place => File is null ? null : $"{Path.GetFileName(File)}:{Line}";

    public override string ToString()
        => File is null && Method == Heddle ? "an await within Heddle"
            : (Callee == Start ? $"the start of {Method}" : $"await {Callee} in {Method}") + (Place is { } place ? $" ({place})" : "");
}

/// <summary>Finds the awaits at which tasks stand: in the code of the state machines, and their lines in the portable symbols.</summary>
internal static class AwaitSites
{
    private static readonly ConcurrentDictionary<Type, Method> s_methods = [];
    private static readonly Assembly s_heddle = typeof(EventLoop).Assembly;
    private static readonly Assembly s_testing = typeof(Simulation).Assembly;

    /// <summary>An await in the program's code that is not known.</summary>
    internal static AwaitSite None { get; } = new(AwaitSite.Heddle, "await", 1, null, 0);

    /// <summary>Of the main task, which is not in the program's code yet.</summary>
    /// <param name="body">The method, or the lambda, without its type.</param>
    internal static AwaitSite StartOfBody(MethodInfo body)
    {
        var around = body.Name.IndexOf(">b__", StringComparison.Ordinal) is > 1 and var end ? body.Name[1..end].Trim('<', '>', '$') + "(lambda)" : body.Name;
        return new(around, AwaitSite.Start, Rank: 0, null, 0);
    }

    /// <summary>Where the task waits, or goes on at its next turn.</summary>
    internal static AwaitSite Of(LoopTask task)
    {
        if (TaskFlow.Of(task) is { } flow)
        {
            return flow.Site;
        }

        foreach (var (name, stateMachine) in task.Coroutines)
        {
            if (stateMachine.GetType().Assembly is var assembly && assembly != s_heddle && assembly != s_testing)
            {
                return Of(stateMachine, name);
            }
        }

        return None;
    }

    /// <param name="stateMachine">Of a method that has come to an await.</param>
    /// <param name="name">The method's.</param>
    internal static AwaitSite Of(object stateMachine, string name)
        => s_methods.GetOrAdd(stateMachine.GetType(), static (type, name) => new Method(type, ShortName(name)), name).SiteOf(stateMachine);

    /// <summary>A lambda is called by the method around it.</summary>
    internal static string ShortName(string method)
        => method.StartsWith("a lambda in ", StringComparison.Ordinal) ? $"{method["a lambda in ".Length..]}(lambda)" : method;

    private sealed class Method
    {
        private readonly FieldInfo? _state;
        private readonly Dictionary<int, AwaitSite> _sites = [];
        private readonly string _name;

        [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Without the field a site has no more than its method.")]
        internal Method(Type stateMachine, string name)
        {
            _name = name;
            _state = stateMachine.GetField("<>1__state", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            var ranks = new Dictionary<string, int>();
            var awaits = AwaitReader.Read(stateMachine, out var moveNext);
            var lines = moveNext is null ? null : Symbols.LinesOf(moveNext);
            foreach (var (state, callee, offset) in awaits)
            {
                ranks[callee] = ranks.TryGetValue(callee, out var rank) ? rank + 1 : 1;
                var (file, line) = lines?.At(offset) ?? default;
                _sites[state] = new(name, callee, ranks[callee], file, line);
            }

            var first = lines?.First ?? default;
            _sites[-1] = new(name, AwaitSite.Start, 1, first.File, first.Line);
        }

        internal AwaitSite SiteOf(object stateMachine)
        {
            var state = _state?.GetValue(stateMachine) is int value ? value : -1;
            return _sites.TryGetValue(state, out var site) ? site : _sites[state] = new(_name, $"await{state}", 1, null, 0);
        }
    }
}
