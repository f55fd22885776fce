using System.Text.Json.Nodes;

namespace Heddle;

/// <summary>What would not arrive as it was, and where in what is sent it is.</summary>
internal sealed class Difference(string why)
{
    private Member? _member;
    private string _path = "";
    private int _depth;

    internal static Difference Shared(object sent) => new(
        $"this {TypeNames.Of(sent.GetType())} is in two places of what is sent, and would arrive as two. Send it once, or a copy");

    internal static Difference OfCount(object sent, int count, int made) => new(
        $"this {TypeNames.Of(sent.GetType())} has {count} items, and would have {made}");

    internal static Difference Between(object? sent, object? made)
    {
        var (type, other) = (sent?.GetType(), made?.GetType());
        return new(sent is null ? $"it is null, and would be {TypeNames.A(other!)}"
            : made is null or 0 or 0L or false ? $"its value, {TypeNames.A(type!)}, would be lost"
            : type != other && sent is not JsonNode ? $"it is {TypeNames.A(type!)}, and would be {TypeNames.A(other!)}. {Instead(type!, other!)}"
            : $"its value, {TypeNames.A(type!)}, would be another one");
    }

    internal static Difference TooDeep() => new("it is nested too deeply to be compared");

    internal Difference In(Member member)
    {
        // What the platform calls its private parts tells nobody anything.
        if (_member is null or { IsOfPlatform: true })
        {
            _member = member;
        }

        return member is { IsOfPlatform: true, IsPublic: false } ? this : Within($".{member.Name}");
    }

    internal Difference At(string place) => Within($"[{place}]");

    public override string ToString()
    {
        var where = _depth > 1 ? $" ({_path})" : "";
        return _member switch
        {
            null => $"It would not arrive as it is{where}: {why}.",
            { IsOfPlatform: true } => $"{TypeNames.Of(_member.Owner)}.{_member.Name} would not arrive as it is{where}: {why}.",
            _ => $"{TypeNames.Of(_member.Owner)}.{_member.Name} would not arrive as it is{where}: {why}. What is sent is public properties and fields that can be set or are "
                + "parameters of the constructor, and what [JsonInclude] adds. A field that need not arrive is marked with [NonSerialized].",
        };
    }

    /// <summary>What to do about a type that does not arrive. One that is no class of the program's cannot be marked.</summary>
    private static string Instead(Type type, Type other)
        => Interchangeable.IsList(other) && !type.IsPublic && TypeNames.IsOfPlatformOrCompiler(type)
            ? $"Send {TypeNames.A(other)} or {TypeNames.A(other.GetGenericArguments()[0])}[] of what is in it"
            : TypeNames.IsOfPlatformOrCompiler(type) ? "Declare the exact type"
            : "Declare the exact type, or mark the declared one with [JsonDerivedType]";

    private Difference Within(string place)
    {
        _path = place + (_path.Length > 200 ? $"{_path.AsSpan(0, 100)}…" : _path);
        _depth++;
        return this;
    }
}
