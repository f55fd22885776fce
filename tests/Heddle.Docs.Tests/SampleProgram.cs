using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;

namespace Heddle.Docs.Tests;

/// <summary>
/// Compiles a sample and runs it in this process. The output is that of the
/// whole process while it runs, so one sample runs at a time.
/// </summary>
internal static class SampleProgram
{
    // Long enough for a loaded machine to compile and start in; a sample itself waits for milliseconds.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Throws when the sample does not compile with the reports that it names and no other, fails, or prints something else.</summary>
    public static void Verify(Sample sample)
    {
        var tree = ProgramCompiler.Parse(sample.Code, sample.Place);
        var assembly = ProgramCompiler.Compile(tree, $"Sample{Guid.NewGuid():N}", reports: sample.Reports);
        if (sample is { Reports.Count: > 0, Output: null })
        {
            return;
        }

        // A block of declarations alone shows a shape: it is compiled, and there is nothing to run.
        var printed = ProgramCompiler.HasStatements(tree) ? Run(assembly) : "";
        if (sample.Output is { } expected)
        {
            Assert.Equal(Printed.Trim(expected), Printed.Trim(printed));
        }
    }

    private static string Run(byte[] assembly)
    {
        var context = new AssemblyLoadContext("sample", isCollectible: true);
        var main = context.LoadFromStream(new MemoryStream(assembly)).EntryPoint!;
        var (output, errors) = (new StringWriter(), new StringWriter());
        var (console, consoleError) = (Console.Out, Console.Error);
        Console.SetOut(TextWriter.Synchronized(output));
        Console.SetError(TextWriter.Synchronized(errors));
        try
        {
            Invoke(main);
        }
        finally
        {
            Console.SetOut(console);
            Console.SetError(consoleError);
            context.Unload();
        }

        // A loop says there what would otherwise be silent: a failure that nobody saw, a task left over.
        Assert.Equal("", errors.ToString());
        return output.ToString();
    }

    // On a thread of its own, as a program's main is: the test runner's has a context and a task of its own.
    private static void Invoke(MethodInfo main)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
            }
            catch (TargetInvocationException thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown.InnerException!);
            }
        })
        { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(s_patience), $"The sample still runs after {s_patience.TotalSeconds} s.");
        failure?.Throw();
    }
}
