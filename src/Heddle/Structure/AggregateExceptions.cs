using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Looking into what a <see cref="TaskGroup"/> throws.</summary>
public static class AggregateExceptions
{
    /// <summary>Those that groups threw. Only they are taken apart: what somebody else has put together may mean something as a whole.</summary>
    private static readonly ConditionalWeakTable<AggregateException, object> s_ofGroups = [];

    /// <summary>Finds the first failure of a type, in nested aggregates too.</summary>
    public static bool TryFind<T>(this AggregateException aggregate, [NotNullWhen(true)] out T? failure)
        where T : Exception
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        var left = new Stack<Exception>(aggregate.InnerExceptions.Reverse());
        while (left.TryPop(out var next))
        {
            if (next is T found)
            {
                failure = found;
                return true;
            }

            if (next is AggregateException nested)
            {
                foreach (var inner in nested.InnerExceptions.Reverse())
                {
                    left.Push(inner);
                }
            }
        }

        failure = null;
        return false;
    }

    /// <summary>What a group throws. What a group inside it has thrown is taken apart.</summary>
    internal static AggregateException OfGroup(string name, IEnumerable<Exception> failures)
    {
        var thrown = new AggregateException(
            $"{name} failed",
            failures.SelectMany(static IEnumerable<Exception> (failure) => failure is AggregateException nested && s_ofGroups.TryGetValue(nested, out _)
                ? nested.InnerExceptions
                : [failure]));
        s_ofGroups.Add(thrown, s_ofGroups);
        return thrown;
    }
}
