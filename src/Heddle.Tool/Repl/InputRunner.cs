using System.Diagnostics;
using Heddle.Tool.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Heddle.Tool.Repl;

/// <summary>Runs inputs, one after the other, each in a task of its own that can be cancelled.</summary>
[StackTraceHidden]
internal sealed class InputRunner(ScriptEngine engine, Theme theme)
{
    internal const string NameStart = "input ";

    /// <summary>How long an input that was cancelled may clean up before it is left to itself.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);

    /// <summary>The task that takes the inputs, which is nobody's concern.</summary>
    internal long PromptId { get; } = LoopTask.Current!.Id;

    private readonly ErrorPrinter _errors = new(engine, theme);
    private int _count;

    /// <summary>The task of the input that runs; null while none does.</summary>
    internal LoopTask? Current { get; private set; }

    /// <summary>Compiles, runs and shows one.</summary>
    /// <param name="code">What was typed, or a file's text.</param>
    /// <param name="file">The file; null for what was typed.</param>
    /// <returns>Whether it ended well.</returns>
    internal async Coroutine<bool> RunAsync(string code, string? file = null)
    {
        var input = new Input(file ?? $"{NameStart}{++_count}", code);
        var task = Start(input);
        Current = task;
        try
        {
            return await task;
        }
        catch (LoopTaskCanceledException)
        {
            Console.Error.WriteLine(theme.Warning($"{input.Name} was cancelled"));
            return false;
        }
        catch (Exception failure) when (!CancelScope.Current.IsCanceled)
        {
            // Of what a value says of itself, be it a cancellation, or of the compiler: no reason to lose the session.
            Console.Error.Write(_errors.Print(failure));
            return false;
        }
        finally
        {
            Current = null;

            // A coroutine that was not awaited is found out when it is collected; who forgot it should hear of it now.
            GC.Collect(1);
        }
    }

    /// <summary>The task begins in the ambient context that the input before has left.</summary>
    private LoopTask<bool> Start(Input input)
    {
        LoopTask<bool> task = null!;
        if (engine.Globals.Context is { } context)
        {
            ExecutionContext.Run(context, _ => task = LoopTask.Start(EvaluateAsync(input), input.Name), null);
        }
        else
        {
            task = LoopTask.Start(EvaluateAsync(input), input.Name);
        }

        return task;
    }

    private async Coroutine<bool> EvaluateAsync(Input input)
    {
        var compiled = await Task.Run(() => engine.Compile(input)).OrCanceled();
        if (compiled.Script is not { } script)
        {
            Console.Error.Write(_errors.Print(compiled.Errors));
            return false;
        }

        var state = await EndOfAsync(engine.RunAsync(script));
        if (state.Exception is ScopeCanceledException && CancelScope.Current.IsCanceled)
        {
            throw state.Exception;
        }

        if (state.Exception is { } failure)
        {
            Console.Error.Write(_errors.Print(failure));
            return false;
        }

        if (compiled.HasValue)
        {
            Console.WriteLine(ValuePrinter.Print(state.ReturnValue));
        }

        return true;
    }

    /// <summary>Waits for the run; when cancelled, for as long as it takes to clean up, within limits.</summary>
    private async Coroutine<ScriptState<object?>> EndOfAsync(Task<ScriptState<object?>> run)
    {
        try
        {
            return await run.OrCanceled();
        }
        catch (ScopeCanceledException cancellation)
        {
            try
            {
                return await CancelScope.ShieldAsync(s_grace, async () => await run.OrCanceled());
            }
            catch (TimeoutException)
            {
                Console.Error.WriteLine(theme.Warning(
                    "It goes on by itself: it swallows its cancellation, or awaits something that has none. Await such a thing by task.OrCanceled()."));
                throw cancellation;
            }
        }
    }
}
