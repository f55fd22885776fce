using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Heddle;

/// <summary>The methods of foreign code (<c>async Task</c>, asynchronous iterators) that wait for a coroutine, as far as they can be seen.</summary>
/// <remarks>
/// The runtime tells a debugger who awaits whom by the names of its fields, and so it is read here. A name that another
/// runtime does not have, or that trimming has taken away, ends the list early.
/// </remarks>
internal static class ForeignFrames
{
    private const int Most = 64;

    /// <summary>The innermost first.</summary>
    internal static IEnumerable<string> Above(Action continuation)
    {
        object? flow = continuation;
        for (var i = 0; i < Most && flow is not null; i++)
        {
            if (StateMachineOf(flow.GetType()) is { } stateMachine && MethodNames.Of(stateMachine) is { } name)
            {
                yield return name;
                if (name == MethodNames.Input)
                {
                    // What runs a script is no part of it.
                    yield break;
                }
            }

            flow = AwaiterOf(flow);
        }
    }

    private static Type? StateMachineOf(Type type)
        => type.IsGenericType && type.Name.StartsWith("AsyncStateMachineBox", StringComparison.Ordinal) ? type.GetGenericArguments()[^1] : null;

    private static object? AwaiterOf(object flow) => flow switch
    {
        Delegate callback => callback.Target,
        Task task => FieldOf(task, "m_continuationObject") ?? AwaiterOfIterator(task),
        _ => FieldOf(flow, "m_action"),
    };

    /// <summary>An iterator is awaited through a source of its own, and its box's task by nobody.</summary>
    private static object? AwaiterOfIterator(Task box)
        => FieldOf(box, "StateMachine") is { } iterator && FieldOf(iterator, "<>v__promiseOfValueOrEnd") is { } source
            ? FieldOf(source, "_continuationState")
            : null;

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that is not there is a shorter list, and no error.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that is not there is a shorter list, and no error.")]
    private static object? FieldOf(object owner, string name)
    {
        const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var type = owner.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(name, Instance) is { } field)
            {
                return field.GetValue(owner);
            }
        }

        return null;
    }
}
