using System.Collections;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>
/// Finds where what was read back is not what was written: another type, value, order or comparer, a field that has lost what it held, two objects
/// that were one.
/// </summary>
/// <remarks>What it remembers is forgotten between two sendings; within one, the same object met twice must have been made once.</remarks>
internal sealed class Sameness
{
    private const int KeptCapacity = 1 << 10;

    private OrderedDictionary<object, object>? _made;
    private HashSet<object>? _taken;
    private Wholes _wholes;

    internal void Forget()
    {
        _wholes = default;
        if (_made?.Capacity > KeptCapacity)
        {
            (_made, _taken) = (null, null);
        }

        _made?.Clear();
        _taken?.Clear();
    }

    /// <summary>Of an argument that arrives as it is, but for what else is the same object.</summary>
    internal Difference? Meet(object sent)
    {
        if (_wholes.Contains(sent) || _made?.ContainsKey(sent) == true)
        {
            return Difference.Shared(sent);
        }

        _wholes = new(sent, _wholes.First, _wholes.Second);
        return null;
    }

    /// <summary>How much it remembers, for <see cref="ForgetSince"/>.</summary>
    internal int Mark() => _made?.Count ?? 0;

    internal void ForgetSince(int mark)
    {
        for (var i = Mark() - 1; i >= mark; i--)
        {
            _taken!.Remove(_made!.GetAt(i).Value);
            _made.RemoveAt(i);
        }
    }

    /// <param name="sent">What was written.</param>
    /// <param name="made">What was made of that.</param>
    /// <returns>Null if they are the same.</returns>
    internal Difference? Find(object? sent, object? made)
    {
        if (sent is null || made is null)
        {
            return sent == made ? null : Difference.Between(sent, made);
        }

        if (ReferenceEquals(sent, made))
        {
            return null;
        }

        var shape = Shape.Of(sent.GetType());
        if (shape.IsSame is { } isSame)
        {
            return isSame(sent, made) ? null : Difference.Between(sent, made);
        }

        var isOtherList = sent.GetType() != made.GetType();
        if (isOtherList && !Interchangeable.Are(sent.GetType(), made.GetType()))
        {
            return Difference.Between(sent, made);
        }

        if (shape.HasIdentity && sent is not Array { Length: 0 } && !(isOtherList && sent is ICollection { Count: 0 }))
        {
            _made ??= new(ReferenceEqualityComparer.Instance);
            _taken ??= new(ReferenceEqualityComparer.Instance);
            if (_made.TryGetValue(sent, out var before))
            {
                return ReferenceEquals(before, made) ? null : Difference.Shared(sent);
            }

            if (_wholes.Contains(sent))
            {
                return Difference.Shared(sent);
            }

            _made.Add(sent, made);
            if (!_taken.Add(made))
            {
                return new($"this {TypeNames.Of(sent.GetType())} and another one would be the same object");
            }
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return Difference.TooDeep();
        }

        if (isOtherList)
        {
            return FindInSequences((IEnumerable)sent, (IEnumerable)made);
        }

        return FindInMembers(shape, sent, made) ?? shape.Content switch
        {
            Content.Array => FindInArrays((Array)sent, (Array)made),
            Content.View => FindInArrays(shape.Items!(sent), shape.Items(made)),
            Content.Sequence => FindInSequences((IEnumerable)sent, (IEnumerable)made),
            Content.Map => FindInMaps((IDictionary)sent, (IDictionary)made),
            Content.UnorderedMap => FindInUnorderedMaps((IDictionary)sent, (IDictionary)made),
            _ => null,
        };
    }

    private Difference? FindInMembers(Shape shape, object sent, object made)
    {
        foreach (var member in shape.Members)
        {
            if (Find(member.Get(sent), member.Get(made)) is { } difference)
            {
                return difference.In(member);
            }
        }

        foreach (var comparer in shape.Comparers)
        {
            var (one, other) = (comparer.GetValue(sent), comparer.GetValue(made));
            if (!Comparers.AreSame(one, other))
            {
                return new(
                    $"this {TypeNames.Of(sent.GetType())} compares by {Comparers.NameOf(one)}, and would arrive with {Comparers.NameOf(other)}. Send what is "
                    + "in it, and let the function make one that compares so");
            }
        }

        return null;
    }

    private Difference? FindInArrays(Array sent, Array made)
        => sent.Length != made.Length ? Difference.OfCount(sent, sent.Length, made.Length)
            : PlainArrays.AreSame(sent, made) ? null
            : FindInSequences(sent, made);

    private Difference? FindInSequences(IEnumerable sent, IEnumerable made)
    {
        var others = made.GetEnumerator();
        using var _ = others as IDisposable;
        var count = 0;
        foreach (var item in sent)
        {
            if (!others.MoveNext())
            {
                return Difference.OfCount(sent, Count(sent), count);
            }

            if (Find(item, others.Current) is { } difference)
            {
                return difference.At($"{count}");
            }

            count++;
        }

        return others.MoveNext() ? Difference.OfCount(sent, count, Count(made)) : null;
    }

    private Difference? FindInMaps(IDictionary sent, IDictionary made)
    {
        if (sent.Count != made.Count)
        {
            return Difference.OfCount(sent, sent.Count, made.Count);
        }

        var others = made.GetEnumerator();
        using var _ = others as IDisposable;
        foreach (DictionaryEntry entry in sent)
        {
            others.MoveNext();
            if ((Find(entry.Key, others.Key) ?? Find(entry.Value, others.Value)) is { } difference)
            {
                return difference.At($"{entry.Key}");
            }
        }

        return null;
    }

    private Difference? FindInUnorderedMaps(IDictionary sent, IDictionary made)
    {
        if (sent.Count != made.Count)
        {
            return Difference.OfCount(sent, sent.Count, made.Count);
        }

        foreach (DictionaryEntry entry in sent)
        {
            if (!made.Contains(entry.Key))
            {
                return new($"the key '{entry.Key}' would be another one");
            }

            if (Find(entry.Value, made[entry.Key]) is { } difference)
            {
                return difference.At($"{entry.Key}");
            }
        }

        return null;
    }

    private static int Count(IEnumerable items) => items.Cast<object?>().Count();

    /// <summary>No call has more than three arguments.</summary>
    private readonly record struct Wholes(object? First, object? Second, object? Third)
    {
        internal bool Contains(object sent) => ReferenceEquals(First, sent) || ReferenceEquals(Second, sent) || ReferenceEquals(Third, sent);
    }
}
