using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Heddle.Tests.Executors;

/// <content>What arrives is whole, or is refused by name.</content>
public abstract partial class ExecutorContractTests
{
    private static readonly StringComparer s_ignoringCase = StringComparer.OrdinalIgnoreCase;

    private static readonly AwkwardValue[] s_values =
    [
        // Members that JSON reads and cannot set, or does not see.
        Whole(static () => new Report { Name = "r", Items = { 1, 2, 3 } }, (a, b) => a.Items.SequenceEqual(b.Items)),
        Whole(static () => new Report { Name = "r" }, (a, b) => a.Name == b.Name && b.Items.Count == 0),
        Whole(static () => Counter.Of(3), (a, b) => a.Count == b.Count),
        Whole(static () => new Frozen { Numbers = { 1 } }, (a, b) => a.Numbers.SequenceEqual(b.Numbers)),
        Whole(static () => Stateful.Of(1, 2), (a, b) => a.ToString() == b.ToString()),
        Whole(static () => new Holder { Value = new(3) }, (a, b) => a.Value.Equals(b.Value)),
        Whole(static () => new Hidden(3), (a, b) => a.Equals(b)),
        Whole(static () => Unsigned.Of(3), (a, b) => a.Number == b.Number),
        Whole(static () => new HiddenText("3"), (a, b) => a.Equals(b)),
        Whole(static () => Trimmed.Of(" a "), (a, b) => a.Name == b.Name),
        Whole(static () => new Ignoring { Right = 1, Left = 2 }, (a, b) => a.Left == b.Left),
        Whole(static () => new Seen(1).Again(), (a, b) => a.Equals(b)),
        Whole(static () => new Doubling(4), (a, b) => a.Doubled == b.Doubled),
        Refused("Ringing.Rang", static () => Ringing.Heard(), (a, b) => b.IsHeard),
        Whole(static () => new InitOnly { Number = 1, Text = "t" }, (a, b) => a.Equals(b)),
        Whole(static () => new { Number = 1, Text = "t" }, (a, b) => a.Equals(b)),
        Whole(static () => new Optional { None = null, Some = 3, Flags = (Colors)9 }, (a, b) => a.Equals(b)),

        // Types that are others than declared.
        Whole(static () => new Cage { Animal = new Dog { Legs = 4, Tricks = 7 } }, (a, b) => b.Animal is Dog { Tricks: 7 }),
        Whole(static () => new[] { new Animal(), new Dog { Tricks = 7 } }, (a, b) => b[1] is Dog { Tricks: 7 }),
        Whole(static () => new Zoo { Pet = new Dog { Tricks = 7 } }, (a, b) => b.Pet is Dog { Tricks: 7 }),
        Whole(static () => new Anything { Value = 5 }, (a, b) => a.Value!.Equals(b.Value)),
        Whole<Shape>(static () => new Circle { Radius = 2 }, (a, b) => b is Circle { Radius: 2 }),
        Refused("an Int32[] of what is in it", Iterate, (a, b) => a.GetType() == b.GetType() && a.SequenceEqual(b)),
        Refused(
            "an Int32[] of what is in it", static () => new[] { 1, 2 }.Select(number => number + 1), (a, b) => a.GetType() == b.GetType() && a.SequenceEqual(b)),
        Whole<IReadOnlyList<int>>(static () => new[] { 1, 2 }, (a, b) => a.SequenceEqual(b)),
        Whole<IEnumerable<string>>(static () => ["a", "b"], (a, b) => a.SequenceEqual(b)),
        Whole<IReadOnlyCollection<string>>(static () => ["a"], (a, b) => a.SequenceEqual(b)),
        Whole<IReadOnlyList<string>>(static () => [], (a, b) => a.SequenceEqual(b)),
        Whole<ICollection<int>>(static () => new ReadOnlyCollection<int>([1, 2]), (a, b) => a.SequenceEqual(b)),
        Whole<IList<int>>(static () => ImmutableArray.Create(1, 2), (a, b) => a.SequenceEqual(b)),
        Whole(static () => new Tagged(), (a, b) => a.Equals(b)),
        Whole(static () => new Tagged { Tags = ["a"], More = ["b", "c"], Rest = new[] { "d" }, Index = new Dictionary<string, int> { ["e"] = 1 } }, (a, b) => a.Equals(b)),
        Whole(static () => new List<IEnumerable<int>> { new[] { 1 }, new List<int> { 2 }, new ReadOnlyCollection<int>([]), ReadOnlyCollection<int>.Empty }, AreEqual),
        Whole(static () => new Tagged { More = ["\ud800", "c"] }, (a, b) => a.Equals(b)),
        Whole<IReadOnlyList<Animal>>(static () => new[] { new Animal(), new Dog { Tricks = 7 } }, (a, b) => b[1] is Dog { Tricks: 7 }),
        Whole(static () => new Tagged { Rest = new HashSet<string>(s_ignoringCase) { "a" } }, (a, b) => b.Rest.Contains("A")),
        Whole<IReadOnlyDictionary<string, int>>(static () => new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }, (a, b) => a.SequenceEqual(b)),
        Whole<IDictionary<string, int>>(static () => new Dictionary<string, int> { ["b"] = 1, ["a"] = 2 }, (a, b) => a.SequenceEqual(b)),
        Whole<IDictionary<string, int>>(
            static () => new SortedDictionary<string, int> { ["b"] = 1 }, (a, b) => a.GetType() == b.GetType()),
        Whole<IList<int>>(static () => new List<int> { 1, 2 }, (a, b) => b is List<int> && a.SequenceEqual(b)),

        // Text that UTF-8 has no room for, and converters.
        Whole(static () => new Note { Text = "lone \ud800" }, (a, b) => a.Text == b.Text),
        Whole(static () => new List<string> { "fine", "\udc00" }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new Dictionary<string, int> { ["\ud801"] = 1 }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new List<char> { '\ud800' }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new Note { Text = "\0 \" \\ \ud83e\uddf5 \u2028" }, (a, b) => a.Text == b.Text),
        Refused("Two.Second", static () => new HalfConverted { First = 1, Second = 2 }, (a, b) => a.Second == b.Second),
        Whole(static () => new Converted { First = 1, Second = 2 }, (a, b) => (a.First, a.Second) == (b.First, b.Second)),

        // Objects that are one.
        Whole(static () => Twins.Of(new() { Legs = 4 }), (a, b) => ReferenceEquals(b.First, b.Second)),
        Whole(static () => Enumerable.Repeat(new Animal(), 2).ToList(), (a, b) => ReferenceEquals(b[0], b[1])),
        Whole(static () => Loop.Closed(), (a, b) => ReferenceEquals(b, b.Next!.Next)),
        Whole(static () => Loop.OfLength(1000), (a, b) => a.Length == b.Length),
        Whole(static () => Family.Of(3), (a, b) => b.Children.Count == 3 && b.Children.All(child => ReferenceEquals(child.Parent, b))),

        Refused("Deep._chain", static () => new Deep { Length = 200_000 }, (a, b) => a.Length == b.Length),

        // Members that remember what they have computed, and locks.
        Whole(static () => new Cached { First = "a", Last = "b" }, (a, b) => a.Full == b.Full),
        Whole(static () => (new Cached { First = "a" }, new Cached { Last = "b" }, "c"), (a, b) => (a.Item1.Full, a.Item2.Full) == (b.Item1.Full, b.Item2.Full)),
        Whole(static () => Locking.Waited(), (a, b) => a.Number == b.Number && b.Number == 3),
        Refused("Signalling.Signal would not arrive as it is", static () => new Signalling().Entered(), (a, b) => a.IsFree == b.IsFree),
        Whole(static () => new Pointing { Number = 1 }, (a, b) => a.Number == b.Number),

        // Collections and what they compare with.
        Whole(static () => new Dictionary<string, int>(s_ignoringCase) { ["a"] = 1 }, (a, b) => b.ContainsKey("A")),
        Whole(static () => new Index { Words = new(s_ignoringCase) { "a" } }, (a, b) => b.Words.Contains("A")),
        Refused("a Backwards", static () => new SortedSet<int>(new Backwards()) { 1, 2 }, (a, b) => a.SequenceEqual(b)),
        Refused("a Backwards", static () => new SortedSet<int>(new Backwards()), (a, b) => a.Comparer.GetType() == b.Comparer.GetType()),
        Whole(
            static () => new SortedDictionary<string, int>(StringComparer.Ordinal) { ["B"] = 1, ["a"] = 2 },
            (a, b) => Equals(a.Comparer, b.Comparer)),
        Whole(static () => new Named { 1, 2 }.Called("n"), (a, b) => a.Name == b.Name),
        Whole(static () => new Labelled { ["a"] = 1 }.Called("n"), (a, b) => a.Label == b.Label),
        Whole(static () => new Dictionary<string, int>(StringComparer.Ordinal) { ["b"] = 1, ["a"] = 2 }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new Dictionary<DateTime, Guid> { [new(5, DateTimeKind.Utc)] = Guid.Empty }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new SortedDictionary<int, string?> { [2] = null, [1] = "" }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new HashSet<int> { 3, 1, 2 }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new LinkedList<string>(["b", "a"]), (a, b) => a.SequenceEqual(b)),
        Whole(static () => new Queue<int>([1, 2]), (a, b) => a.SequenceEqual(b)),
        Whole(static () => new ConcurrentQueue<int>([1, 2]), (a, b) => a.SequenceEqual(b)),
        Whole(static () => new Stack<int>([1, 2]), (a, b) => a.SequenceEqual(b)),
        Whole(static () => new ConcurrentStack<int>([1, 2]), (a, b) => a.SequenceEqual(b)),
        Whole(static () => new ConcurrentDictionary<string, int>(Many()), (a, b) => a.OrderBy(x => x.Value).SequenceEqual(b.OrderBy(x => x.Value))),
        Whole(static () => ImmutableList.Create(1, 2, 3, 4), (a, b) => a.SequenceEqual(b)),
        Whole(static () => Many().ToImmutableDictionary(), (a, b) => a.Count == b.Count && a.All(b.Contains)),
        Whole(static () => ImmutableArray.Create("a", "b"), (a, b) => a.SequenceEqual(b)),
        Whole(static () => default(ImmutableArray<string>), (a, b) => b.IsDefault),
        Whole(static () => new ObservableCollection<int> { 1, 2 }, (a, b) => a.SequenceEqual(b)),
        Refused("BitArray", static () => new BitArray([true, false]), (a, b) => b[0]),
        Whole(static () => new[,] { { 1, 2 }, { 3, 4 } }, (a, b) => b[1, 1] == 4),
        Whole(static () => new int[]?[] { [1], null, [2, 3] }, (a, b) => b[1] is null && a[2]!.SequenceEqual(b[2]!)),
        Whole(static () => new ArraySegment<byte>([1, 2, 3], 1, 2), (a, b) => a.SequenceEqual(b)),
        Whole(static () => default(ArraySegment<string>), (a, b) => b.Count == 0),
        Whole(static () => new byte[] { 1, 2, 3 }.AsMemory(1), (a, b) => a.Span.SequenceEqual(b.Span)),
        Whole(static () => new List<Memory<string>> { new[] { "a", "b", "c" }.AsMemory(1, 1), default }, (a, b) => b[0].Span[0] == "b" && b[1].IsEmpty),
        Whole(static () => "text".AsMemory(1, 2), (a, b) => $"{a}" == $"{b}"),
        Whole(static () => new Animal[] { new Dog { Tricks = 7 } }.AsMemory(), (a, b) => b.Span[0] is Dog { Tricks: 7 }),
        Whole(static () => new List<ArraySegment<object>> { new object[] { 1 } }, (a, b) => b[0][0] is 1),
        Whole(static () => new KeyValuePair<string, int>("a", 1), (a, b) => a.Equals(b)),
        Whole(static () => Tuple.Create("a", 1, (string?)null), (a, b) => a.Equals(b)),
        Whole(static () => ("1", 2, 3, 4, 5, 6, 7, "8", 9.5m), (a, b) => a.Equals(b)),

        // Values that look alike.
        Whole(
            static () => new List<DateTime> { new(9, DateTimeKind.Utc), new(8, DateTimeKind.Local), new(7, DateTimeKind.Unspecified) },
            (a, b) => a.SequenceEqual(b) && a.Select(x => x.Kind).SequenceEqual(b.Select(x => x.Kind))),
        Whole(static () => new List<DateTimeOffset> { new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(6)) }, (a, b) => a[0].EqualsExact(b[0])),
        Whole(static () => new List<double> { -0.0, double.NaN, double.Epsilon }, (a, b) => Bits(a).SequenceEqual(Bits(b))),
        Whole(static () => new List<double> { BitConverter.Int64BitsToDouble(0x7ff8000000000123), Math.Abs(double.NaN) }, (a, b) => b.All(double.IsNaN)),
        Whole(static () => (new List<float> { -float.NaN }, new List<Half> { -Half.NaN }), (a, b) => float.IsNaN(b.Item1[0]) && Half.IsNaN(b.Item2[0])),
        Whole(static () => new Holding { Numbers = [1, -double.NaN, -0.0] }, (a, b) => double.IsNaN(b.Numbers[1]) && double.IsNegative(b.Numbers[2])),
        Whole(static () => new List<decimal> { 1.50m, 1.5m }, (a, b) => $"{a[0]} {a[1]}" == $"{b[0]} {b[1]}"),
        Whole(static () => new List<decimal?> { decimal.Negate(0.00m), -1.50m, decimal.MinValue, null, 0m }, (a, b) => Parts(a).SequenceEqual(Parts(b))),
        Whole(static () => new Dictionary<decimal, int> { [decimal.Negate(0.0m)] = 1, [1.50m] = 2 }, (a, b) => AreEqual([a.Keys.SelectMany(decimal.GetBits)], [b.Keys.SelectMany(decimal.GetBits)])),
        Whole(static () => new Priced { Price = 1.50m }, (a, b) => a.Price == b.Price),
        Whole(static () => new List<Int128> { Int128.MaxValue }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new Version(1, 2), (a, b) => a == b && b.Build == -1),
        Whole(static () => new List<Uri> { new("http://a/%7Eb"), new("x y", UriKind.Relative) }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => JsonDocument.Parse("""{"a": [1.0, null]}""").RootElement, (a, b) => JsonElement.DeepEquals(a, b)),
        Whole<JsonNode>(static () => new JsonObject { ["a"] = new JsonArray(1, "b") }, (a, b) => JsonNode.DeepEquals(a, b)),
        Whole(static () => new Complex(1, 2), (a, b) => a == b),
        Whole(static () => new List<Complex> { new(1, 2) }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => BigInteger.Pow(10, 30), (a, b) => a == b),
        Whole(static () => new List<Rune> { new('a') }, (a, b) => a.SequenceEqual(b)),
        Whole(static () => new List<System.Index> { ^1 }, (a, b) => a.SequenceEqual(b)),

        // What is more than data.
        Refused("Lazy<Int32>", static () => new Lazy<int>(5), (a, b) => a.Value == b.Value),
        Refused("StringBuilder", static () => new StringBuilder("text"), (a, b) => $"{a}" == $"{b}"),
        Refused("CultureInfo", static () => CultureInfo.GetCultureInfo("de"), (a, b) => a.Equals(b)),
        Refused("Regex", static () => new Regex("a+"), (a, b) => $"{a}" == $"{b}"),
        Refused("TimeZoneInfo", static () => TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(1), "x", "x"), (a, b) => a.Equals(b)),
        Refused("MemoryStream", static () => new MemoryStream([1, 2]), (a, b) => a.ToArray().SequenceEqual(b.ToArray())),
        Refused("InvalidDataException", static () => new InvalidDataException("m"), (a, b) => a.Message == b.Message),
        Refused("Type", static () => typeof(string), (a, b) => a == b),
        Refused("Cancellable.Token", static () => new Cancellable { Token = CancellationToken.None }, (a, b) => a.Token == b.Token),
        Refused("Calling.Callback", static () => new Calling { Callback = Jobs.Nothing }, (a, b) => a.Callback == b.Callback),
        Whole(static () => new Calling(), (a, b) => b.Callback is null),
    ];

    [Fact]
    [Trait("rule", "19")]
    public void What_arrives_is_whole_or_is_refused_by_name() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var wrong = new List<string>();
        foreach (var value in s_values)
        {
            wrong.AddRange(await value.CheckAsync(executor, IsSent));
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(s_values.Length >= 40);
        Assert.Equal(0, executor.Statistics.LostWorkers);
    });

    [Fact]
    public void No_copy_is_disposed_of_as_it_may_have_the_name_of_what_its_original_owns() => Run(async () =>
    {
        var path = Path.GetTempFileName();
        using var file = new OwnedFile { Path = path };
        await using var executor = Make(workers: 1);
        Assert.True(await executor.RunAsync(static file => File.Exists(file.Path), file));
        Assert.True(File.Exists(path));
    });

    [Fact]
    public void Values_that_remember_what_they_have_computed_arrive() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var (one, other) = (new Cached { First = "a" }, new Cached { First = "b" });
        Assert.Equal("a b ", await executor.RunAsync(static (a, b) => a.Full + b.Full, one, other));
        Assert.True(await executor.RunAsync(static (a, b, c) => b == 1 && ReferenceEquals(a, c), one, 1, one));
    });

    [Fact]
    [Trait("rule", "19")]
    public void One_object_as_two_arguments_stays_one() => Run(async () =>
    {
        await using var executor = Make(workers: 1);
        var numbers = new List<int> { 1 };
        Assert.True(await executor.RunAsync(static (a, b) => ReferenceEquals(a, b), numbers, numbers));
        Assert.True(await executor.RunAsync(static (a, b, c) => ReferenceEquals(a, c) && b == 1, numbers, 1, numbers));
        Assert.True(await executor.RunAsync(static (a, b) => ReferenceEquals(a[0], b), new[] { numbers }, numbers));
        byte[] bytes = [1];
        Assert.True(await executor.RunAsync(static (a, b) => ReferenceEquals(a, b), bytes, bytes));
        Assert.True(await executor.RunAsync(static (a, b) => a.Length + b.Length == 0, Array.Empty<byte>(), Array.Empty<byte>()));
        Assert.False(await executor.RunAsync(static (a, b) => ReferenceEquals(a, b), numbers, new List<int> { 1 }));
        Assert.True(await executor.RunAsync(static (a, b) => a == b, "one", "one"));
    });

    private static IEnumerable<int> Iterate()
    {
        yield return 1;
        yield return 2;
    }

    private static Dictionary<string, int> Many() => Enumerable.Range(0, 100).ToDictionary(number => $"key {number}");

    private static IEnumerable<int> Parts(List<decimal?> numbers) => numbers.SelectMany(number => number is { } some ? decimal.GetBits(some) : []);

    private static bool AreEqual(List<IEnumerable<int>> some, List<IEnumerable<int>> others)
        => some.Count == others.Count && some.Zip(others).All(pair => pair.First.SequenceEqual(pair.Second));

    private static IEnumerable<long> Bits(List<double> numbers) => numbers.Select(BitConverter.DoubleToInt64Bits);

    private static AwkwardValue<T> Whole<T>(Func<T> make, Func<T, T, bool> areSame) => new(null, make, areSame);

    private static AwkwardValue<T> Refused<T>(string name, Func<T> make, Func<T, T, bool> areSame) => new(name, make, areSame);
}
