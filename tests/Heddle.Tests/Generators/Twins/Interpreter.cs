using System.Runtime.ExceptionServices;
using Handle = Heddle.GeneratorHandle<object?, object?>;
using ObjectGenerator = Heddle.Generator<object?, object?, object?>;

namespace Heddle.Tests.Generators.Twins;

/// <summary>Runs a program with Heddle's generators. A nested block is a coroutine of its own that yields for its generator.</summary>
internal sealed class Interpreter
{
    private readonly RandomProgram _program;
    private readonly Transcript _transcript = new();

    private Interpreter(RandomProgram program)
    {
        _program = program;
        _transcript.Slots = [.. program.Slots.Select(Make)];
    }

    public static IReadOnlyList<string> Run(RandomProgram program)
    {
        var interpreter = new Interpreter(program);
        interpreter._transcript.Run(program.Ops);
        return interpreter._transcript.Lines;
    }

    private ObjectGenerator Make(int function) => new(async co =>
        await new Body(this, co).RunAsync(_program.Functions[function], caught: null) is { } end ? end.Value : null);

    /// <summary>A return statement was met.</summary>
    private sealed record End(object? Value);

    private sealed class Body(Interpreter interpreter, Handle co)
    {
        private object? _got;

        public async Coroutine<End?> RunAsync(Statement[] block, Exception? caught)
        {
            foreach (var statement in block)
            {
                if (await RunAsync(statement, caught) is { } end)
                {
                    return end;
                }
            }

            return null;
        }

        private async Coroutine<End?> RunAsync(Statement statement, Exception? caught)
        {
            switch (statement)
            {
                case Yield yield:
                    _got = await co.Yield(yield.Value);
                    interpreter._transcript.Log("got", _got);
                    return null;
                case YieldFromNew from:
                    interpreter._transcript.Log("result", await co.YieldFrom(interpreter.Make(from.Function)));
                    return null;
                case YieldFromSlot from:
                    interpreter._transcript.Log("result", await co.YieldFrom(interpreter._transcript.Slots[from.Slot]));
                    return null;
                case YieldFromList from:
                    await co.YieldFrom(from.Items.Cast<object?>());
                    return null;
                case CallSlot call:
                    interpreter._transcript.Log("inner", Call(interpreter._transcript.Slots[call.Op.Slot], call.Op));
                    return null;
                case Raise raise:
                    throw Errors.Make(raise.Kind);
                case Reraise:
                    ExceptionDispatchInfo.Throw(caught!);
                    return null;
                case Return result:
                    return new End(result.Value);
                case IfGot condition:
                    return Equals(_got, condition.Value) ? await RunAsync(condition.Body, caught) : null;
                case Repeat repeat:
                    return await RepeatAsync(repeat, caught);
                default:
                    return await TryAsync((Try)statement, caught);
            }
        }

        private static object? Call(ObjectGenerator generator, Op op)
        {
            switch (op.Verb)
            {
                case "next":
                    return generator.Next();
                case "send":
                    return generator.Send(op.Argument);
                case "throw":
                    return generator.Throw(Errors.Make((string)op.Argument!));
                default:
                    generator.Close();
                    return null;
            }
        }

        private async Coroutine<End?> RepeatAsync(Repeat repeat, Exception? caught)
        {
            for (var i = 0; i < repeat.Times; i++)
            {
                if (await RunAsync(repeat.Body, caught) is { } end)
                {
                    return end;
                }
            }

            return null;
        }

        private async Coroutine<End?> TryAsync(Try attempt, Exception? caught)
        {
            End? end = null;
            Exception? pending = null;
            try
            {
                end = await RunHandledAsync(attempt, caught);
            }
            catch (Exception failure)
            {
                // A return in a finally block drops the exception in Python, and is forbidden in C#.
                pending = failure;
            }

            if (attempt.Finally is { } final && await RunAsync(final, pending ?? caught) is { } replacement)
            {
                return replacement;
            }

            if (pending is not null)
            {
                ExceptionDispatchInfo.Throw(pending);
            }

            return end;
        }

        private async Coroutine<End?> RunHandledAsync(Try attempt, Exception? caught)
        {
            try
            {
                return await RunAsync(attempt.Body, caught);
            }
            catch (Exception failure) when (Find(attempt, failure) is not null)
            {
                return await RunAsync(Find(attempt, failure)!.Body, failure);
            }
        }

        private static Handler? Find(Try attempt, Exception failure)
        {
            var kind = Errors.KindOf(failure) is "ignored" or "stop left body" ? "runtime" : Errors.KindOf(failure);
            return attempt.Handlers.FirstOrDefault(handler => handler.Kind == "any" || handler.Kind == kind);
        }
    }
}
