using System.Text.Json;
using System.Text.Json.Serialization;

namespace Heddle.Tests.Executors;

/// <summary>A value that is sent there and back, and made there and sent back.</summary>
internal abstract record AwkwardValue
{
    /// <returns>What went wrong.</returns>
    internal abstract Coroutine<IReadOnlyList<string>> CheckAsync(IExecutor executor, bool isSent);
}

/// <param name="Name">What the refusal names; null if it must arrive.</param>
/// <param name="Make">Captures nothing.</param>
/// <param name="AreSame">Knows better than the code under test.</param>
internal sealed record AwkwardValue<T>(string? Name, Func<T> Make, Func<T, T, bool> AreSame) : AwkwardValue
{
    internal override async Coroutine<IReadOnlyList<string>> CheckAsync(IExecutor executor, bool isSent)
    {
        var value = Make();
        var wrong = new List<string?>
        {
            await CheckAsync("argument", value, executor.RunAsync(Jobs.Echo, value), isSent),
            await CheckAsync("result", Make(), executor.RunAsync(Make), isSent),
        };
        return [.. wrong.OfType<string>()];
    }

    private async Coroutine<string?> CheckAsync(string what, T value, Coroutine<T> call, bool isSent)
    {
        var where = $"{typeof(T)} ({Name}) as {what}";
        try
        {
            var arrived = await call;
            return !AreSame(value, arrived) ? $"{where} arrived changed"
                : isSent && Name is not null ? $"{where} arrived, and was to be refused"
                : null;
        }
        catch (NotPortableException refusal)
        {
            return !isSent || Name is null || !refusal.Message.Contains(Name, StringComparison.Ordinal) ? $"{where}: {refusal.Message}" : null;
        }
    }
}

[Flags]
internal enum Colors
{
    Red = 1,
}

internal class Report
{
    public string Name { get; set; } = "";

    public List<int> Items { get; } = [];
}

internal sealed class Counter
{
    private int _count;

    public int Count => _count;

    internal static Counter Of(int count) => new() { _count = count };
}

internal sealed class Unsigned
{
    private uint _number;

    internal uint Number => _number;

    public string Text { get; set; } = "";

    internal static Unsigned Of(uint number) => new() { _number = number };
}

internal sealed class Frozen
{
    public readonly List<int> Numbers = [];
}

internal sealed class Stateful
{
    private int _secret;

    public int Number { get; set; }

    public override string ToString() => $"{Number} {_secret}";

    internal static Stateful Of(int number, int secret) => new() { Number = number, _secret = secret };
}

internal readonly struct Hidden(int number)
{
    private readonly int _number = number;

    public override string ToString() => $"{_number}";
}

internal readonly struct HiddenText(string text)
{
    private readonly string _text = text;

    public int Length => _text.Length;
}

internal sealed class Holder
{
    public Hidden Value { get; set; }
}

internal sealed class Trimmed
{
    private string _name = "";

    public string Name
    {
        get => _name;
        set => _name = value.Trim();
    }

    internal static Trimmed Of(string name) => new() { _name = name };
}

internal sealed class Ignoring
{
    [JsonIgnore]
    public int Left { get; set; }

    public int Right { get; set; }
}

internal sealed record Seen(int Number)
{
    private int _times;

    internal Seen Again()
    {
        _times++;
        return this;
    }
}

internal sealed class Doubling(int seed)
{
    public int Doubled => seed * 2;
}

internal sealed class Ringing
{
    public event Action? Rang;

    public int Number { get; set; }

    internal bool IsHeard => Rang is not null;

    internal static Ringing Heard()
    {
        var ringing = new Ringing();
        ringing.Rang += Jobs.Nothing;
        return ringing;
    }
}

internal sealed record InitOnly
{
    public int Number { get; init; }

    public required string Text { get; init; }
}

internal sealed record Optional
{
    public int? None { get; set; }

    public int? Some { get; set; }

    public Colors Flags { get; set; }
}

internal interface IPet
{
    int Tricks { get; }
}

internal class Animal
{
    public int Legs { get; set; }
}

internal sealed class Dog : Animal, IPet
{
    public int Tricks { get; set; }
}

internal sealed class Cage
{
    public Animal? Animal { get; set; }
}

internal sealed class Zoo
{
    public IPet? Pet { get; set; }
}

internal sealed class Anything
{
    public object? Value { get; set; }
}

[JsonDerivedType(typeof(Circle), "circle")]
internal abstract class Shape;

internal sealed class Circle : Shape
{
    public int Radius { get; set; }
}

internal sealed class Note
{
    public string Text { get; set; } = "";
}

internal class Two
{
    public int First { get; set; }

    public int Second { get; set; }
}

[JsonConverter(typeof(Both<Converted>))]
internal sealed class Converted : Two;

[JsonConverter(typeof(OnlyFirst))]
internal sealed class HalfConverted : Two;

internal sealed class Both<T> : JsonConverter<T>
    where T : Two, new()
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.GetString()!.Split(' ') is [var first, var second] ? new() { First = int.Parse(first), Second = int.Parse(second) } : new();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue($"{value.First} {value.Second}");
}

internal sealed class OnlyFirst : JsonConverter<HalfConverted>
{
    public override HalfConverted Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new() { First = reader.GetInt32() };

    public override void Write(Utf8JsonWriter writer, HalfConverted value, JsonSerializerOptions options) => writer.WriteNumberValue(value.First);
}

internal sealed class Twins
{
    public Animal? First { get; set; }

    public Animal? Second { get; set; }

    internal static Twins Of(Animal one) => new() { First = one, Second = one };
}

internal sealed class Loop
{
    public Loop? Next { get; set; }

    internal int Length => 1 + (Next?.Length ?? 0);

    internal static Loop Closed()
    {
        var one = new Loop { Next = new() };
        one.Next.Next = one;
        return one;
    }

    internal static Loop OfLength(int length)
    {
        var first = new Loop();
        for (var i = 1; i < length; i++)
        {
            first = new() { Next = first };
        }

        return first;
    }
}

/// <summary>Is cyclic, and made so again.</summary>
internal sealed class Family
{
    private List<Child> _children = [];

    public List<Child> Children
    {
        get => _children;
        set
        {
            _children = value;
            value.ForEach(child => child.Parent = this);
        }
    }

    internal static Family Of(int children) => new() { Children = [.. Enumerable.Range(0, children).Select(_ => new Child())] };
}

internal sealed class Child
{
    [JsonIgnore]
    public Family? Parent { get; set; }
}

internal sealed class Index
{
    public HashSet<string> Words { get; set; } = [];
}

internal sealed class Backwards : IComparer<int>
{
    public int Compare(int x, int y) => y.CompareTo(x);
}

internal sealed class Named : List<int>
{
    public string Name { get; set; } = "";

    internal Named Called(string name)
    {
        Name = name;
        return this;
    }
}

internal sealed class Labelled : Dictionary<string, int>
{
    public string Label { get; set; } = "";

    internal Labelled Called(string name)
    {
        Label = name;
        return this;
    }
}

internal sealed class Cancellable
{
    public CancellationToken Token { get; set; }
}

internal sealed class Calling
{
    public Action? Callback { get; set; }
}

internal sealed class Tagged
{
    public IReadOnlyList<string> Tags { get; init; } = [];

    public IEnumerable<string> More { get; init; } = [];

    public ICollection<string> Rest { get; init; } = [];

    public IReadOnlyDictionary<string, int> Index { get; init; } = new Dictionary<string, int>();

    public override bool Equals(object? obj)
        => obj is Tagged other && Tags.SequenceEqual(other.Tags) && More.SequenceEqual(other.More) && Rest.SequenceEqual(other.Rest) && Index.SequenceEqual(other.Index);

    public override int GetHashCode() => 0;
}

internal sealed class Cached
{
    private string? _full;

    public string? First { get; set; }

    public string? Last { get; set; }

    public string Full => _full ??= $"{First} {Last}";
}

internal sealed class Locking
{
    private readonly Lock _gate = new();
    private readonly object _other = new();

    public int Number { get; set; }

    /// <summary>A lock remembers that it was waited for.</summary>
    internal static Locking Waited()
    {
        var locking = new Locking();
        Thread waiter;
        lock (locking._gate)
        {
            waiter = new(() => locking.Add(3));
            waiter.Start();
            while ((waiter.ThreadState & ThreadState.WaitSleepJoin) == 0)
            {
                Thread.Yield();
            }
        }

        waiter.Join();
        return locking;
    }

    private void Add(int number)
    {
        lock (_gate)
        {
            lock (_other)
            {
                Number += number;
            }
        }
    }
}

internal sealed class Signalling
{
    internal readonly SemaphoreSlim Signal = new(1);

    public int Number { get; set; }

    internal bool IsFree => Signal.CurrentCount == 1;

    internal Signalling Entered()
    {
        Signal.Wait();
        return this;
    }
}

internal sealed unsafe class Pointing
{
    [NonSerialized]
    private readonly int _none = 0;
    private readonly int* _nothing = null;

    public int Number { get; set; }

    internal bool IsNothing => _nothing == null && _none == 0;
}

/// <summary>Is deeper than any stack, though not as JSON.</summary>
internal sealed class Deep
{
    private Deep? _chain;

    public int Length
    {
        get => field;
        set
        {
            field = value;
            for (var i = 0; i < value; i++)
            {
                _chain = new() { _chain = _chain };
            }
        }
    }
}

internal sealed class Holding
{
    public double[] Numbers { get; set; } = [];
}

internal sealed class Priced
{
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public decimal Price { get; set; }
}

internal sealed class OwnedFile : IDisposable
{
    public string Path { get; set; } = "";

    public void Dispose() => File.Delete(Path);
}
