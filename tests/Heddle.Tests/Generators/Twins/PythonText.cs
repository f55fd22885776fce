using System.Text;

namespace Heddle.Tests.Generators.Twins;

/// <summary>A program as Python's source.</summary>
internal static class PythonText
{
    public static PythonProgram Of(RandomProgram program)
    {
        var source = new StringBuilder();
        for (var i = 0; i < program.Functions.Length; i++)
        {
            // The yield that never runs makes a generator of a function that has no other.
            source.Append($"def f{i}():\n  got = None\n  if False: yield\n");
            WriteBlock(source, program.Functions[i], "  ");
        }

        return new(source.ToString(), [.. program.Slots.Select(function => $"f{function}")], program.Ops);
    }

    private static void WriteBlock(StringBuilder source, Statement[] block, string indent)
    {
        foreach (var statement in block)
        {
            foreach (var line in Lines(statement))
            {
                source.Append(indent).Append(line).Append('\n');
            }

            WriteInner(source, statement, indent);
        }
    }

    private static string[] Lines(Statement statement) => statement switch
    {
        Yield yield => [$"got = yield {Literal(yield.Value)}", "log('got', got)"],
        YieldFromNew from => [$"log('result', (yield from keep(f{from.Function}())))"],
        YieldFromSlot from => [$"log('result', (yield from slots[{from.Slot}]))"],
        YieldFromList from => [$"yield from [{string.Join(", ", from.Items)}]"],
        CallSlot { Op: var op } => [$"log('inner', {Call(op)})"],
        Raise raise => [$"raise {Class(raise.Kind)}()"],
        Reraise => ["raise"],
        Return result => [$"return {Literal(result.Value)}"],
        Repeat repeat => [$"for _ in range({repeat.Times}):"],
        IfGot condition => [$"if got == {Literal(condition.Value)}:"],
        _ => ["try:"],
    };

    private static void WriteInner(StringBuilder source, Statement statement, string indent)
    {
        switch (statement)
        {
            case Repeat repeat:
                WriteBlock(source, repeat.Body, indent + "  ");
                break;
            case IfGot condition:
                WriteBlock(source, condition.Body, indent + "  ");
                break;
            case Try attempt:
                WriteBlock(source, attempt.Body, indent + "  ");
                foreach (var handler in attempt.Handlers)
                {
                    source.Append($"{indent}except {Class(handler.Kind)}:\n");
                    WriteBlock(source, handler.Body, indent + "  ");
                }

                if (attempt.Finally is { } final)
                {
                    source.Append($"{indent}finally:\n");
                    WriteBlock(source, final, indent + "  ");
                }

                break;
        }
    }

    private static string Call(Op op) => op.Verb switch
    {
        "next" => $"next(slots[{op.Slot}])",
        "send" => $"slots[{op.Slot}].send({Literal(op.Argument)})",
        "throw" => $"throw(slots[{op.Slot}], {Class((string)op.Argument!)}())",
        _ => $"slots[{op.Slot}].close()",
    };

    private static string Class(string kind) => kind switch
    {
        "exit" => "GeneratorExit",
        "stop" => "StopIteration",
        "runtime" => "RuntimeError",
        "running" => "ValueError",
        "not started" => "TypeError",
        "takes no values" => "AttributeError",
        "any" => "BaseException",
        _ => kind,
    };

    private static string Literal(object? value) => value switch { null => "None", string text => $"'{text}'", _ => $"{value}" };
}
