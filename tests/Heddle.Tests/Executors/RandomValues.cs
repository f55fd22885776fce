using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Numerics;

namespace Heddle.Tests.Executors;

/// <summary>Values of types that nobody has prepared for being sent, put together by chance: the same for the same seed.</summary>
internal sealed class RandomValues(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Objects to be met again.</summary>
    private readonly List<object> _pool = [];

    private int _budget;

    /// <summary>Members of the last value that hold what cannot be sent.</summary>
    internal List<string> Forbidden { get; } = [];

    /// <summary>Calls the user with a value of a random type, as that type.</summary>
    internal Coroutine<string?> NextAsync(IValueUser user)
    {
        _pool.Clear();
        Forbidden.Clear();
        _budget = _random.Next(2, 60);
        return _random.Next(22) switch
        {
            0 => user.UseAsync(Any(0)),
            1 => user.UseAsync(Node(0)),
            2 => user.UseAsync<Origin?>(Origins(0)),
            3 => user.UseAsync<ISpeaking>(Origins(0)),
            4 => user.UseAsync(Mixed(0)),
            5 => user.UseAsync(_random.Next(3) == 0 ? null : (Mixed?)Mixed(0)),
            6 => user.UseAsync(Boxed(0)),
            7 => user.UseAsync(new Box<string?>(Text())),
            8 => user.UseAsync(new Box<Mixed>(Mixed(0)).Then(new(default))),
            9 => user.UseAsync(Many(() => Any(1)).ToArray()),
            10 => user.UseAsync(Many(Text).ToArray()),
            11 => user.UseAsync(Many(() => Mixed(1)).ToList()),
            12 => user.UseAsync(Map(0)),
            13 => user.UseAsync(new Record<int, object?>(_random.Next(), Any(0)) { Note = Text() }),
            14 => user.UseAsync((Any(0), Text(), _random.NextDouble(), Mixed(1), Number(), Number(), Text(), Any(1), 9)),
            15 => user.UseAsync(Named(0)),
            16 => user.UseAsync(Many(Key).ToHashSet()),
            17 => user.UseAsync<IReadOnlyList<object?>>(new ReadOnlyCollection<object?>(Many(() => Any(1)).ToList())),
            18 => user.UseAsync<IEnumerable<string?>>([Text(), Text()]),
            19 => user.UseAsync(Grid(0)),
            20 => user.UseAsync(Tuple.Create(Any(0), Node(0))),
            _ => user.UseAsync(new { Left = Any(0), Right = Mixed(0), Number = Number() }),
        };
    }

    private object? Any(int depth)
    {
        if (--_budget < 0 || depth > 8)
        {
            return Leaf();
        }

        if (_pool.Count > 0 && _random.Next(5) == 0)
        {
            return _pool[_random.Next(_pool.Count)];
        }

        return _random.Next(28) switch
        {
            0 => null,
            1 => Node(depth),
            2 => Origins(depth),
            3 => Mixed(depth),
            4 => Boxed(depth),
            5 => Known(new List<object?>(), list => list.AddRange(Many(() => Any(depth + 1)))),
            6 => Known(new object?[_random.Next(4)], array => Fill(array, depth)),
            7 => Map(depth),
            8 => Named(depth),
            9 => new Record<Key, object?>(Key(), Any(depth + 1)) { Note = Text() },
            10 => Many(Key).ToHashSet(),
            11 => new Queue<object?>(Many(() => Any(depth + 1))),
            12 => new Stack<object?>(Many(() => Any(depth + 1))),
            13 => new LinkedList<string?>(Many(Text)),
            14 => new SortedDictionary<string, object?>(Many(() => Any(depth + 1)).Select((value, i) => (value, i)).ToDictionary(p => $"k{p.i}", p => p.value), StringComparer.OrdinalIgnoreCase),
            15 => ImmutableList.CreateRange(Many(() => Any(depth + 1))),
            16 => Many(Key).Distinct().ToImmutableDictionary(key => key, _ => Any(depth + 1)),
            17 => ImmutableArray.CreateRange(Many(() => Any(depth + 1))),
            18 => new ConcurrentDictionary<int, object?>(Many(() => Any(depth + 1)).Select((value, i) => KeyValuePair.Create(i, value))),
            19 => new ConcurrentStack<string?>(Many(Text)),
            20 => Grid(depth),
            21 => Many(Number).ToArray(),
            22 => new List<int[]?> { Many(_random.Next).ToArray(), null },
            23 => Forbid(depth),
            24 => new ArraySegment<int>(Many(_random.Next).Append(1).ToArray()),
            25 => new Dictionary<string, int>(_random.Next(2) == 0 ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal) { ["A"] = 1, ["b"] = 2 },
            26 => Tuple.Create(Text(), Any(depth + 1)),
            _ => Leaf(),
        };
    }

    private object? Leaf() => _random.Next(20) switch
    {
        0 => Text(),
        1 => _random.Next(),
        2 => BitConverter.Int64BitsToDouble(_random.NextInt64()),
        3 => Number(),
        4 => new DateTime(_random.NextInt64(DateTime.MaxValue.Ticks), (DateTimeKind)_random.Next(3)),
        5 => new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(_random.Next(-12, 12))),
        6 => Guid.NewGuid(),
        7 => new Version(1, _random.Next(9)),
        8 => new Uri(_random.Next(2) == 0 ? "http://a/%7Eb" : "x y", UriKind.RelativeOrAbsolute),
        9 => BigInteger.Pow(_random.Next(-9, 9), _random.Next(50)),
        10 => (DayOfWeek)_random.Next(9),
        11 => (char)_random.Next(0xd7f0, 0xe010),
        12 => (byte)_random.Next(256),
        13 => new Complex(_random.NextDouble(), double.NaN),
        14 => DateOnly.FromDayNumber(_random.Next(1000)),
        15 => (Half)_random.NextDouble(),
        16 => UInt128.MaxValue - (uint)_random.Next(),
        17 => new object(),
        18 => true,
        _ => null,
    };

    /// <summary>What cannot go, in a member that has a name.</summary>
    private object? Forbid(int depth)
    {
        if (_random.Next(4) != 0)
        {
            return Boxed(depth);
        }

        Forbidden.Add("Keeper.Kept");
        return new Keeper(_random.Next(10) switch
        {
            0 => new MemoryStream([1]),
            1 => typeof(string),
            2 => (Action)Jobs.Nothing,
            3 => Task.FromResult(1),
            4 => new CancellationTokenSource(),
            5 => new Dictionary<string, int>(new OddComparer()) { ["a"] = 1 },
            6 => (nint)1,
            7 => new Lazy<int>(1),
            8 => new InvalidDataException("m"),
            _ => new Finalized(),
        });
    }

    private Node Node(int depth) => Known(new Node(_random.Next()), node =>
    {
        foreach (var _ in Many(Text))
        {
            if (--_budget > 0 && depth < 8)
            {
                node.Add(Node(depth + 1));
            }
        }

        node.Any = Any(depth + 1);
        node.Other = _pool.OfType<Node>().LastOrDefault();
    });

    private Origin Origins(int depth) => _random.Next(3) switch
    {
        0 => Known(new Origin(Text()), _ => { }),
        1 => Known(new Middle(Text(), Number()), _ => { }),
        _ => Known(new Last(Text(), Number()), last => last.Hide(Any(depth + 1), Origins(depth + 3 > 8 ? 8 : depth + 3, leaf: true))),
    };

    private Origin Origins(int depth, bool leaf) => leaf || depth >= 8 ? new(Text()) : Origins(depth);

    private Mixed Mixed(int depth) => new(_random.Next(), Text(), depth > 6 ? null : Any(depth + 1));

    private object Boxed(int depth) => _random.Next(3) switch
    {
        0 => Known(new Box<object?>(null), box => box.Then(new(Any(depth + 1)))),
        1 => new Box<List<string?>>(Many(Text).ToList()),
        _ => new Box<Record<string?, Mixed>>(new(Text(), Mixed(depth + 1))),
    };

    private Dictionary<string, Origin?> Map(int depth) => Known(
        new Dictionary<string, Origin?>(_random.Next(2) == 0 ? null : StringComparer.OrdinalIgnoreCase),
        map =>
        {
            for (var i = _random.Next(4); i > 0; i--)
            {
                map[$"{i}\ud800"] = _random.Next(3) == 0 ? null : Origins(depth + 1);
            }
        });

    private NamedList Named(int depth) => Known(new NamedList(Text()), list => list.AddRange(Many(() => Any(depth + 1))));

    private Array Grid(int depth)
    {
        if (_random.Next(2) == 0)
        {
            return new int[,,] { { { 1, 2 }, { 3, _random.Next() } } };
        }

        var grid = Array.CreateInstance(typeof(object), [2, 3], [-1, _random.Next(3)]);
        grid.SetValue(Any(depth + 1), grid.GetLowerBound(0), grid.GetUpperBound(1));
        return grid;
    }

    private Key Key() => new(_random.Next(5), _random.Next(3) == 0 ? "same" : Text());

    private decimal Number() => new(_random.Next(), _random.Next(2) * _random.Next(), 0, _random.Next(2) == 0, (byte)_random.Next(29));

    /// <summary>As often as not it is no text that UTF-8 could hold.</summary>
    private string? Text()
        => _random.Next(6) == 0 ? null : string.Concat(Enumerable.Range(0, _random.Next(5)).Select(_ => (char)(_random.Next(2) == 0 ? _random.Next(0x80) : _random.Next(0xd700, 0xe100))));

    private void Fill(object?[] array, int depth)
    {
        for (var i = 0; i < array.Length; i++)
        {
            array[i] = Any(depth + 1);
        }
    }

    private T Known<T>(T value, Action<T> fill)
        where T : class
    {
        _pool.Add(value);
        fill(value);
        return value;
    }

    private List<T> Many<T>(Func<T> make) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => make())];
}

internal interface IValueUser
{
    /// <returns>What is wrong; null if nothing is.</returns>
    Coroutine<string?> UseAsync<T>(T value);
}

internal interface ISpeaking
{
    string? Says { get; }
}

internal class Origin(string? says) : ISpeaking
{
    private readonly string? _hidden = says;

    public string? Says => _hidden;
}

internal class Middle(string? says, decimal number) : Origin(says)
{
    private readonly decimal _hidden = number;

    protected decimal Number => _hidden;
}

internal sealed class Last(string? says, decimal number) : Middle(says, number)
{
    private object? _hidden;

    private Origin? Other { get; set; }

    [field: NonSerialized]
    private object Stays { get; } = new();

    internal void Hide(object? value, Origin other) => (_hidden, Other) = (value, other);

    public override string ToString() => $"{_hidden} {Other} {Stays} {Number}";
}

internal sealed class Node(int id)
{
    private readonly List<Node> _children = [];

    public int Id { get; } = id;

    public IReadOnlyList<Node> Children => _children;

    private Node? Parent { get; set; }

    internal Node? Other { get; set; }

    public object? Any { get; set; }

    internal void Add(Node child)
    {
        child.Parent = this;
        _children.Add(child);
    }

    public override string ToString() => $"{Id} {Parent?.Id}";
}

internal sealed class Box<T>(T value)
{
    private readonly T _value = value;
    private Box<T>? _next;

    internal Box<T> Then(Box<T> next)
    {
        _next = next;
        return this;
    }

    public override string ToString() => $"{_value} {_next}";
}

internal sealed record Record<T1, T2>(T1 First, T2 Second)
{
    public string? Note { get; init; }
}

internal sealed record Key(int Number, string? Text);

internal readonly struct Mixed(int number, string? text, object? any)
{
    private readonly int _number = number;
    private readonly string? _text = text;

    public object? Any { get; } = any;

    public override string ToString() => $"{_number} {_text}";
}

internal sealed class NamedList(string? name) : List<object?>
{
    public string? Name { get; } = name;
}

internal sealed class Keeper(object? kept)
{
    public object? Kept { get; } = kept;
}

internal sealed class OddComparer : IEqualityComparer<string>
{
    public bool Equals(string? x, string? y) => x == y;

    public int GetHashCode(string obj) => 1;
}

internal sealed class Finalized
{
    ~Finalized() => Number = 0;

    internal int Number { get; private set; } = 1;
}
