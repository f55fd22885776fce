using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>Finds the <c>async</c> methods behind what .NET posts to a context: which one goes on, and which wait for it.</summary>
/// <remarks>
/// A method that has come to its first await is an object, which is also the <see cref="Task"/> that it returned; and that holds whoever waits for it. Nothing of this is public, so
/// it is read by names. Where one of them is not there, as with another version of .NET, a method is one that nobody is known to wait for: the orders are explored as well, and only
/// the table shows more columns.
/// </remarks>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that is not there has no value, and that is no error.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that is not there has no value, and that is no error.")]
internal static class AsyncMethods
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const int Deepest = 8;

    private static readonly FieldInfo? s_current = typeof(Task).GetField("t_currentTask", BindingFlags.Static | BindingFlags.NonPublic);
    private static readonly ConcurrentDictionary<(Type, string), FieldInfo?> s_fields = [];
    private static readonly ConcurrentDictionary<Type, FieldInfo?> s_machines = [];
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> s_awaiters = [];
    private static readonly ConcurrentDictionary<Type, string> s_names = [];

    /// <summary>The method that goes on when the callback is called with this state; null if it is none.</summary>
    internal static Task? Behind(object? state)
    {
        // What a program posts may refer to itself.
        for (var depth = 0; state is not null && depth < Deepest; depth++)
        {
            if (state is Task task)
            {
                return IsMethod(task) ? task : null;
            }

            state = state switch
            {
                Action action => action.Target,
                Delegate => null,
                KeyValuePair<Action<object?>, object?> pair => pair.Value,
                _ => Read(state, "_continuationState") ?? Read(state, "m_action") ?? Read(state, "_continuation"),
            };
        }

        return null;
    }

    /// <summary>The method that waits for this one; null if none does, or several, or something else such as <see cref="Task.WhenAll(Task[])"/>.</summary>
    internal static Task? WaitingFor(Task method)
    {
        if (MachineOf(method) is { } machine && Read(machine, "<>v__promiseOfValueOrEnd") is { } promise)
        {
            // An iterator: who waits for its next item does not wait for the task.
            return Behind(Read(promise, "_continuationState"));
        }

        var waiter = Read(method, "m_continuationObject");
        return waiter is Task or Action || waiter?.GetType().Name.EndsWith("AwaitTaskContinuation", StringComparison.Ordinal) == true ? Behind(waiter) : null;
    }

    /// <summary>The method that this one waits for; null if it waits for something else.</summary>
    internal static Task? AwaitedBy(Task method)
    {
        if (MachineOf(method) is not { } machine)
        {
            return null;
        }

        foreach (var field in s_awaiters.GetOrAdd(machine.GetType(), static type => [.. type.GetFields(Fields).Where(static field => field.Name.StartsWith("<>u__", StringComparison.Ordinal))]))
        {
            // Those of awaits that are over are empty.
            var awaiter = field.GetValue(machine);
            if (awaiter is not null && (Read(awaiter, "m_task") ?? (Read(awaiter, "_value") is { } value ? Read(value, "_obj") : null)) is Task task && IsMethod(task))
            {
                return task;
            }
        }

        return null;
    }

    /// <summary>What the compiler made of the method, with its state; null if it is none.</summary>
    internal static object? MachineOf(Task method) => FieldOfMachine(method.GetType())?.GetValue(method);

    /// <summary>Whose delegate this thread runs; null if it runs none.</summary>
    internal static Task? CurrentTask => (Task?)s_current?.GetValue(null);

    /// <summary>The await at which it stands: in the program's code if that of one of the methods that wait for it is.</summary>
    internal static AwaitSite SiteOf(Task method)
    {
        for (var nearest = method; nearest is not null; nearest = WaitingFor(nearest))
        {
            if (MachineOf(nearest) is { } machine && IsOfProgram(machine))
            {
                return AwaitSites.Of(machine, NameOf(nearest));
            }
        }

        return MachineOf(method) is { } last ? AwaitSites.Of(last, NameOf(method)) : AwaitSites.None;
    }

    /// <summary>Whether it stands at no await.</summary>
    internal static bool IsRunning(Task method) => MachineOf(method) is { } machine && Read(machine, "<>1__state") is < 0;

    /// <summary>Whether the program's own code, or a library's, and not the framework's.</summary>
    internal static bool IsOfProgram(object machine)
        => machine.GetType().Assembly.GetName().Name is { } name && name != "System" && !name.StartsWith("System.", StringComparison.Ordinal);

    /// <summary>Such as <c>Cache.GetAsync</c>.</summary>
    internal static string NameOf(Task method)
        => MachineOf(method) is { } machine
            ? s_names.GetOrAdd(machine.GetType(), static type => AwaitSites.ShortName(TaskStack.NameOf(type) ?? type.Name)) : "task";

    /// <summary>Whether it has failed, and nobody has asked why.</summary>
    internal static bool IsUnobserved(Task task)
        => task.IsFaulted && Read(task, "m_contingentProperties") is { } properties && Read(properties, "m_exceptionsHolder") is { } holder && Read(holder, "m_isHandled") is false;

    private static bool IsMethod(Task task) => FieldOfMachine(task.GetType()) is not null;

    private static FieldInfo? FieldOfMachine(Type task)
        => s_machines.GetOrAdd(task, static type => type.Name.Contains("AsyncStateMachineBox", StringComparison.Ordinal) ? Find(type, "StateMachine") : null);

    private static object? Read(object from, string name)
        => s_fields.GetOrAdd((from.GetType(), name), static key => Find(key.Item1, key.Item2))?.GetValue(from);

    private static FieldInfo? Find(Type? type, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.GetField(name, Fields) is { } field)
            {
                return field;
            }
        }

        return null;
    }
}
