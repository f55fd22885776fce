using System.Text.Json.Serialization;
using ObjectGenerator = Heddle.Generator<object?, object?, object?>;

namespace Heddle.Tests.Generators.Twins;

/// <summary>A call from outside: <c>next</c>, <c>send</c>, <c>throw</c> or <c>close</c>, of the generator in a slot.</summary>
internal sealed record Op(string Verb, int Slot = 0, object? Argument = null)
{
    /// <summary>Reads <c>"next; send 1; throw A; close; next 1"</c>; a number after the verb's own argument is the slot.</summary>
    public static Op[] Parse(string script)
        => [.. script.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)];

    private static Op ParseOne(string text)
    {
        var words = text.Split(' ');
        var takesArgument = words[0] is "send" or "throw";
        var argument = !takesArgument || words[1] == "None" ? null
            : words[0] == "send" && int.TryParse(words[1], out var number) ? number
            : (object)words[1];
        var slot = words.ElementAtOrDefault(takesArgument ? 2 : 1);
        return new(words[0], slot is null ? 0 : int.Parse(slot, System.Globalization.CultureInfo.InvariantCulture), argument);
    }
}

/// <summary>What goes to Python: functions, which of them to make generators of, and the calls.</summary>
internal sealed record PythonProgram(
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("slots")] string[] Slots,
    [property: JsonIgnore] Op[] Ops)
{
    [JsonPropertyName("ops")]
    public object?[][] OpList => [.. Ops.Select(op => (object?[])[op.Verb, op.Slot, op.Argument])];
}

/// <summary>What a generator did, line by line, in the words that the twin in Python uses too.</summary>
internal sealed class Transcript
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The generators that the calls go to.</summary>
    public ObjectGenerator[] Slots { get; set; } = [];

    public void Log(params object?[] words) => _lines.Add(string.Join(' ', words.Select(word => word ?? "None")));

    /// <summary>Makes the calls, and writes down how each ended and where its generator stands then.</summary>
    public void Run(IEnumerable<Op> ops)
    {
        foreach (var op in ops)
        {
            var generator = Slots[op.Slot];
            try
            {
                Call(generator, op);
            }
            catch (StopIterationException end)
            {
                Log("ends with", end.Value);
            }
            catch (Exception error)
            {
                Log("throws", Errors.KindOf(error));
            }

            Log(generator.State, generator.Delegate is null ? "alone" : "delegating");
        }

        for (var i = 0; i < Slots.Length; i++)
        {
            Log(i, Slots[i].State);
        }
    }

    private void Call(ObjectGenerator generator, Op op)
    {
        switch (op.Verb)
        {
            case "next":
                Log("yields", generator.Next());
                break;
            case "send":
                Log("yields", generator.Send(op.Argument));
                break;
            case "throw":
                Log("yields", generator.Throw(Errors.Make((string)op.Argument!)));
                break;
            default:
                generator.Close();
                Log("is closed");
                break;
        }
    }
}
