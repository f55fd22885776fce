namespace Heddle;

/// <summary>Thrown to the calls that wait for a worker process when it does not come up.</summary>
public class WorkerStartException : InvalidOperationException
{
    internal WorkerStartException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal static WorkerStartException Initializer(string name, WorkItem initializer, Exception failure) => new(
        $"The initializer of '{name}', {initializer}, failed in a new worker, so no call can run: {failure.Message}", failure);

    internal static WorkerStartException NoSocket(string name, string path, Exception failure) => new(
        $"No socket for a worker of '{name}' can be made at {path}: {failure.Message} A path may have about a hundred bytes there: point TMPDIR to a "
        + "shorter one that this user can write to.",
        failure);

    internal static WorkerStartException NotStarted(string name, string program, Exception failure) => new(
        $"A worker of '{name}' cannot be started as '{program}': {failure.Message}. The limit of processes or of memory may be reached (ulimit -u): "
        + "use fewer workers.",
        failure);

    internal static WorkerStartException Stranger(string name) => new(
        $"Something other than the worker that '{name}' had started connected to its socket, and was refused. Only processes of this user can get at it.");

    internal static WorkerStartException Ended(string name, string program, int? exitCode) => new(
        $"A new worker of '{name}' ended, with exit code {exitCode}, before it was ready. It was started as '{program}'; what it printed says why. "
        + "If that is not a program of this .NET installation, call ProcessExecutor.RunWorkerIfAsked() first in Main.");

    internal static WorkerStartException TooLate(string name, string program, TimeSpan timeout) => new(
        $"A new worker of '{name}' was not ready within {timeout.TotalSeconds:0.###} s, as StartTimeout demands, and was killed. It was started as '{program}'. "
        + "Its initializer may take longer, or the program may not get to ProcessExecutor.RunWorkerIfAsked(), which belongs first in Main.");
}
