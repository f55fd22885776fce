namespace Heddle.Tests.Generators.Twins;

/// <summary>A statement of a generator's body, which both languages can run.</summary>
internal abstract record Statement;

internal sealed record Yield(object? Value) : Statement;

/// <summary>Yields from a new generator of another function.</summary>
internal sealed record YieldFromNew(int Function) : Statement;

/// <summary>Yields from a generator that others may call as well, even from itself.</summary>
internal sealed record YieldFromSlot(int Slot) : Statement;

internal sealed record YieldFromList(int[] Items) : Statement;

/// <summary>Calls another generator, or itself, as anybody may.</summary>
internal sealed record CallSlot(Op Op) : Statement;

internal sealed record Raise(string Kind) : Statement;

/// <summary>In a handler: throws again what was caught.</summary>
internal sealed record Reraise : Statement;

internal sealed record Return(object? Value) : Statement;

internal sealed record Repeat(int Times, Statement[] Body) : Statement;

internal sealed record IfGot(object? Value, Statement[] Body) : Statement;

internal sealed record Handler(string Kind, Statement[] Body);

internal sealed record Try(Statement[] Body, Handler[] Handlers, Statement[]? Finally) : Statement;

/// <summary>Functions, the generators made of them at the start, and the calls.</summary>
internal sealed record RandomProgram(Statement[][] Functions, int[] Slots, Op[] Ops)
{
    private static readonly string[] s_kinds = ["A", "B", "exit", "stop"];
    private static readonly string[] s_handlers = ["A", "B", "exit", "stop", "runtime", "running", "not started", "takes no values", "any"];

    public static RandomProgram Make(Random random)
    {
        var functions = new Statement[random.Next(1, 5)][];
        var slots = Enumerable.Range(0, random.Next(1, 4)).Select(i => i == 0 ? 0 : random.Next(functions.Length)).ToArray();
        for (var i = 0; i < functions.Length; i++)
        {
            functions[i] = new Writer(random, i, functions.Length, slots.Length).Block(depth: 0, isHandler: false);
        }

        var ops = Enumerable.Range(0, random.Next(3, 14)).Select(_ => MakeOp(random, random.Next(3) > 0 ? 0 : random.Next(slots.Length)));
        return new(functions, slots, [.. ops]);
    }

    private static Op MakeOp(Random random, int slot) => random.Next(12) switch
    {
        < 5 => new("next", slot),
        < 9 => new("send", slot, MakeValue(random)),
        < 11 => new("throw", slot, s_kinds[random.Next(s_kinds.Length)]),
        _ => new("close", slot),
    };

    private static object? MakeValue(Random random) => random.Next(4) switch { 0 => null, 1 => "x", var n => n };

    private sealed class Writer(Random random, int function, int functions, int slots)
    {
        public Statement[] Block(int depth, bool isHandler)
            => [.. Enumerable.Range(0, random.Next(1, depth == 0 ? 6 : 4)).Select(_ => MakeStatement(depth, isHandler))];

        private Statement MakeStatement(int depth, bool isHandler) => random.Next(depth < 3 ? 24 : 15) switch
        {
            < 6 => new Yield(MakeValue(random)),
            6 or 7 when function + 1 < functions => new YieldFromNew(random.Next(function + 1, functions)),
            8 => new YieldFromSlot(random.Next(slots)),
            9 => new YieldFromList([.. Enumerable.Range(5, random.Next(3))]),
            10 => new CallSlot(MakeOp(random, random.Next(slots))),
            11 => new Raise(s_kinds[random.Next(s_kinds.Length)]),
            12 when isHandler => new Reraise(),
            13 => new Return(MakeValue(random)),
            < 15 => new Yield(random.Next(100)),
            15 or 16 => new IfGot(MakeValue(random), Block(depth + 1, isHandler)),
            17 or 18 => new Repeat(random.Next(1, 4), Block(depth + 1, isHandler)),
            _ => MakeTry(depth, isHandler),
        };

        private Try MakeTry(int depth, bool isHandler)
        {
            var handlers = Enumerable.Range(0, random.Next(3))
                .Select(_ => new Handler(s_handlers[random.Next(s_handlers.Length)], Block(depth + 1, isHandler: true)))
                .ToArray();
            return new(
                Block(depth + 1, isHandler),
                handlers,
                handlers.Length == 0 || random.Next(2) == 0 ? Block(depth + 1, isHandler: false) : null);
        }
    }
}
