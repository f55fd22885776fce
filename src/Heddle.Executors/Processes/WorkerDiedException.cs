namespace Heddle;

/// <summary>Thrown to a call whose worker process has died.</summary>
public class WorkerDiedException : IOException
{
    internal WorkerDiedException(string message, int? exitCode, Exception? innerException)
        : base(message, innerException)
    {
        ExitCode = exitCode;
    }

    /// <summary>How it ended; on Unix, 128 and the signal's number if a signal killed it. Null if that could not be learned.</summary>
    public int? ExitCode { get; }

    internal static WorkerDiedException DuringCall(string worker, WorkItem work, int? exitCode, long? memoryLimit, Exception cause) => new(
        $"{worker} died while it ran {work}: it {Describe(exitCode)}. {Likely(exitCode, memoryLimit)} "
        + "Another worker takes its place. The call may have had effects, so it is not made again: call again if that does no harm.",
        exitCode,
        cause);

    private static string Describe(int? exitCode) => exitCode switch
    {
        null => "closed its connection",
        134 when !OperatingSystem.IsWindows() => "was ended by SIGABRT (exit code 134)",
        137 when !OperatingSystem.IsWindows() => "was killed by SIGKILL (exit code 137)",
        139 when !OperatingSystem.IsWindows() => "was ended by SIGSEGV (exit code 139)",
        143 when !OperatingSystem.IsWindows() => "was ended by SIGTERM (exit code 143)",
        > 128 when !OperatingSystem.IsWindows() => $"was ended by signal {exitCode - 128} (exit code {exitCode})",
        _ => $"ended with exit code {exitCode}",
    };

    private static string Likely(int? exitCode, long? memoryLimit) => exitCode switch
    {
        137 => "Somebody killed it, or the system for want of memory.",
        134 => "That is what a crash looks like: an exception on a thread of its own, a stack overflow, or memory that ran out"
            + $"{(memoryLimit is { } limit ? $" (the limit is {limit >> 20} MiB)" : "")}. What it printed says which.",
        143 => "Somebody has asked it to end (SIGTERM), as service managers ask all processes of a service when they stop it.",
        139 => "Native code has crashed.",
        _ => "The function, or something that it started, has probably ended the process. What it printed says more.",
    };
}
