namespace Heddle;

/// <summary>What is said of values that cannot go.</summary>
internal static class Portable
{
    internal static NotPortableException CannotSend<T>(Subject subject, Exception failure, List<(Member? Member, int Index)> path)
        => failure as NotPortableException ?? new(
            $"The {subject.What} of {subject.Function}, of type {TypeNames.Of(typeof(T))}, cannot be sent to another process. "
            + $"{(failure is Refusal ? $"{Where(path)}: {failure.Message}." : failure.Message)} "
            + $"Pass plain data, or what the other side can open for itself: a path, an address, a key.{Staying(path)}{Registering}",
            failure);

    internal static NotPortableException CannotMake<T>(Subject subject, Exception failure)
        => failure as NotPortableException ?? new(
            $"The {subject.What} of {subject.Function} was sent, but no {TypeNames.Of(typeof(T))} can be made of it again: {failure.Message}.{Registering}", failure);

    private static string Registering => Reflective.IsSupported
        ? ""
        : " This program is trimmed: types come from a JsonSerializerContext given to WorkRegistry.AddJson.";

    private static string Staying(List<(Member? Member, int Index)> path)
        => path.Any(step => step.Member is { IsHidden: false }) ? " A field that need not arrive is marked with [NonSerialized]." : "";

    private static string Where(List<(Member? Member, int Index)> path)
    {
        var shown = path.Where(step => step.Member is not { IsHidden: true }).ToList();
        var name = shown.LastOrDefault(step => step.Member is not null).Member is { } member ? $"{TypeNames.Of(member.Owner)}.{member.Name}" : "It";
        var steps = shown.Count <= 20 ? shown.Select(Text) : [.. shown.Take(10).Select(Text), "…", .. shown.TakeLast(10).Select(Text)];
        return $"{name} would not arrive as it is{(shown.Count > 1 ? $" ({string.Concat(steps)})" : "")}";
    }

    private static string Text((Member? Member, int Index) step) => step.Member is { } member ? $".{member.Name}" : $"[{step.Index}]";
}
