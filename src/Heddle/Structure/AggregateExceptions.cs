using System.Diagnostics.CodeAnalysis;

namespace Heddle;

/// <summary>Looking into what a <see cref="TaskGroup"/> throws.</summary>
public static class AggregateExceptions
{
    /// <summary>Finds the first failure of a type, in nested aggregates too.</summary>
    public static bool TryFind<T>(this AggregateException aggregate, [NotNullWhen(true)] out T? failure)
        where T : Exception
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        failure = aggregate.Flatten().InnerExceptions.OfType<T>().FirstOrDefault();
        return failure is not null;
    }
}
