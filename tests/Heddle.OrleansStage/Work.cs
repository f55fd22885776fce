using System.Runtime.CompilerServices;

namespace Heddle.OrleansStage;

/// <summary>What the silos run: they have this assembly, and not this program.</summary>
internal static class Work
{
    private static readonly Lock s_gate = new();

    /// <summary>Leaves a trace and takes its time, ten milliseconds on average.</summary>
    internal static int Square(string folder, int number)
    {
        Trace(folder, number);

        // A real wait: it stands for work.
        Thread.Sleep(5 + (number % 11));
        return number * number;
    }

    /// <summary>Known by its name: see <see cref="Register"/>.</summary>
    internal static int Cube(int number) => number * number * number;

    internal static byte[] Reverse(byte[] bytes)
    {
        Array.Reverse(bytes);
        return bytes;
    }

    /// <summary>Says where it runs, and stays there until it is let go.</summary>
    internal static int Hold(string folder)
    {
        File.WriteAllText(Path.Combine(folder, $"held.{Environment.ProcessId}"), "");
        while (!File.Exists(Path.Combine(folder, "go")))
        {
            // A real wait: the file comes from another process.
            Thread.Sleep(5);
        }

        return Environment.ProcessId;
    }

    internal static string Wait(string folder, CancellationToken token)
    {
        File.WriteAllText(Path.Combine(folder, "begun"), "");
        token.WaitHandle.WaitOne();
        File.WriteAllText(Path.Combine(folder, "stopped"), "");
        token.ThrowIfCancellationRequested();
        return "";
    }

    /// <summary>The same the first time.</summary>
    internal static string WaitOnce(string folder, CancellationToken token)
        => File.Exists(Path.Combine(folder, "stopped")) ? "ran again" : Wait(folder, token);

    /// <summary>Ends the silo that it runs on.</summary>
    internal static void Exit(string folder)
    {
        Trace(folder, 0);
        Environment.FailFast("for the test");
    }

    // Here for both sides: a silo runs no Main of this program.
#pragma warning disable CA2255 // It is what a program does whose functions silos are to know by name.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Register() => WorkRegistry.Add<int, int>(Cube);

    private static void Trace(string folder, int number)
    {
        lock (s_gate)
        {
            File.AppendAllText(Path.Combine(folder, $"ran.{Environment.ProcessId}"), $"{number}\n");
        }
    }
}
