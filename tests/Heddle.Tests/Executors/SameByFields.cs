using System.Collections;
using System.Collections.Concurrent;
using System.Numerics;
using System.Reflection;

namespace Heddle.Tests.Executors;

/// <summary>Whether one value is a copy of another: all fields, types, order, comparers, and which references are to one object. It shares nothing with the code under test.</summary>
internal sealed class SameByFields
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly Dictionary<object, object> _copies = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, object> _originals = new(ReferenceEqualityComparer.Instance);

    /// <returns>Where they differ; null if they do not.</returns>
    internal string? Find(object? sent, object? made, string path = "")
    {
        if (sent is null || made is null)
        {
            return sent == made ? null : $"{path}: {sent ?? "null"} is {made ?? "null"}";
        }

        var type = sent.GetType();
        if (type != made.GetType())
        {
            return $"{path}: a {type} is a {made.GetType()}";
        }

        if (sent is string text)
        {
            return string.Equals(text, (string)made, StringComparison.Ordinal) ? null : $"{path}: other text";
        }

        if (!type.IsValueType)
        {
            if (_copies.TryGetValue(sent, out var copy) | _originals.TryGetValue(made, out var original))
            {
                return ReferenceEquals(copy, made) && ReferenceEquals(original, sent) ? null : $"{path}: what was one object is not, or the other way round";
            }

            _copies.Add(sent, made);
            _originals.Add(made, sent);
        }

        return sent switch
        {
            double number => BitConverter.DoubleToInt64Bits(number) == BitConverter.DoubleToInt64Bits((double)made) ? null : $"{path}: other bits",
            decimal number => decimal.GetBits(number).SequenceEqual(decimal.GetBits((decimal)made)) ? null : $"{path}: another decimal",
            DateTime time => time.ToBinary() == ((DateTime)made).ToBinary() ? null : $"{path}: another time",
            Array array => FindInArrays(array, (Array)made, path),
            _ when type.IsPrimitive || type.IsEnum => sent.Equals(made) ? null : $"{path}: {sent} is {made}",
            Uri or Version or BigInteger or UInt128 or Half or Guid => sent.Equals(made) ? null : $"{path}: {sent} is {made}",
            ICollection or IEnumerable when Collection(type) is { } collection => FindInCollections(collection, sent, made, path) ?? FindInFields(type, collection, sent, made, path),
            _ => FindInFields(type, null, sent, made, path),
        };
    }

    private string? FindInArrays(Array sent, Array made, string path)
    {
        for (var i = 0; i < sent.Rank; i++)
        {
            if (sent.GetLength(i) != made.GetLength(i) || sent.GetLowerBound(i) != made.GetLowerBound(i))
            {
                return $"{path}: other bounds";
            }
        }

        return FindInItems(sent, made, path);
    }

    private string? FindInItems(IEnumerable sent, IEnumerable made, string path)
    {
        var (items, others) = (sent.Cast<object?>().ToList(), made.Cast<object?>().ToList());
        return items.Count != others.Count ? $"{path}: {items.Count} items are {others.Count}"
            : items.Select((item, i) => Find(item, others[i], $"{path}[{i}]")).FirstOrDefault(difference => difference is not null);
    }

    private string? FindInCollections(Type collection, object sent, object made, string path)
    {
        foreach (var name in (string[])["Comparer", "KeyComparer", "ValueComparer"])
        {
            if (collection.GetProperty(name) is { } comparer && !Equals(comparer.GetValue(sent), comparer.GetValue(made)))
            {
                return $"{path}: another {name}";
            }
        }

        // A table of .NET that is ordered by the hash codes of its strings has another order in each process.
        if (collection.Name.StartsWith("Immutable", StringComparison.Ordinal) && sent is IDictionary map || sent is IDictionary && collection.GetGenericTypeDefinition() == typeof(ConcurrentDictionary<,>))
        {
            var (keys, others) = (((IDictionary)sent), (IDictionary)made);
            return keys.Count != others.Count ? $"{path}: another count"
                : keys.Keys.Cast<object>().Select(key => others.Contains(key) ? Find(keys[key], others[key], $"{path}[{key}]") : $"{path}: no {key}").FirstOrDefault(d => d is not null);
        }

        return FindInItems((IEnumerable)sent, (IEnumerable)made, path);
    }

    private string? FindInFields(Type type, Type? end, object sent, object made, string path)
    {
        for (var each = type; each is not null && each != end; each = each.BaseType)
        {
            foreach (var field in each.GetFields(Own).Where(field => !field.IsDefined(typeof(NonSerializedAttribute))))
            {
                if (Find(field.GetValue(sent), field.GetValue(made), $"{path}.{field.Name}") is { } difference)
                {
                    return difference;
                }
            }
        }

        return null;
    }

    /// <summary>The collection of the platform that it is, or is derived from, whose fields depend on what it has been through.</summary>
    private static Type? Collection(Type type)
    {
        for (var each = type; each is not null; each = each.BaseType)
        {
            if (each.IsGenericType && each.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true && !each.IsValueType && each.Name != "ReadOnlyCollection`1")
            {
                return each;
            }
        }

        return null;
    }
}
