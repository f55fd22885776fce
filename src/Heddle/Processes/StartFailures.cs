using System.Net.Sockets;
using System.Runtime.InteropServices;
using Heddle.LowLevel;
using static Heddle.ProcessCalls;

namespace Heddle;

/// <summary>What starting and signalling fail with: the program, the cause, the remedy.</summary>
internal static class StartFailures
{
    /// <param name="start">What was to be started.</param>
    /// <param name="error">The system's number for the cause.</param>
    /// <param name="program">The file that was found for it.</param>
    internal static SubprocessException Of(ProcessStart start, int error, string? program = null)
    {
        // The child says just one number for all that it does before it becomes the program; which of it failed, the files tell.
        if (start.WorkingDirectory is { } directory && !Directory.Exists(directory))
        {
            return Failed(start, error, File.Exists(directory)
                ? $"its working directory '{directory}' is a file. Give the directory that the file is in"
                : $"its working directory '{directory}' does not exist. Create it first, or check how it is written");
        }

        return Failed(start, error, error == EACCES && start.WorkingDirectory is { } closed && !OperatingSystem.IsWindows() && access(closed, X_OK) != 0
            ? $"this program may not enter its working directory '{closed}'. Give it the right to (chmod +x), or have the process work elsewhere"
            : Cause(start, error, program ?? start.File));
    }

    internal static SubprocessException NotOnPath(ProcessStart start, string path) => Failed(start, ENOENT,
        $"there is no such program on the PATH ({path}). Check how it is written, install it, or give the path of its file");

    internal static SubprocessException OfFile(ProcessStart start, int number, string path, int error)
    {
        var stream = number switch { 0 => "standard input", 1 => "standard output", _ => "error output" };
        var cause = error switch
        {
            ENOENT when number == 0 => "there is no such file",
            ENOENT or ENOTDIR => "there is no such directory",
            EACCES => "this program may not open it",
            EISDIR => "it is a directory",
            _ => Marshal.GetPInvokeErrorMessage(error),
        };
        return Failed(start, error, $"the file '{path}' for its {stream} cannot be opened: {cause}");
    }

    internal static SubprocessException LostAtOnce(ProcessStart start) => Failed(start, ESRCH, LostEnd("it has ended already, and"));

    internal static SubprocessException WithoutPoller(ProcessStart start, SocketException failure) => new(
        $"Starting '{start.File}' failed: the loop cannot wait for its pipes: {IoFailures.Cause(failure.SocketErrorCode)}.", start.File, failure);

    internal static SubprocessException Lost(string file, int id) => new(
        $"How '{file}' (process {id}) ended cannot be known: {LostEnd("the system was asked, and")}.", file);

    internal static SubprocessException OfSignal(ProcessStart start, int id, int signal, int error) => error == EPERM
        ? NotAllowed(start, id)
        : new($"Sending signal {signal} to '{start.File}' (process {id}) failed: {Marshal.GetPInvokeErrorMessage(error)}.", start.File, error);

    internal static SubprocessException NotAllowed(ProcessStart start, int id) => new(
        $"'{start.File}' (process {id}) cannot be signalled: the system does not allow it, since it runs as another user by now (sudo?). "
        + "Have it end by itself, by closing its input for instance, or by somebody who may signal it.",
        start.File,
        EPERM);

    private static string Cause(ProcessStart start, int error, string program) => error switch
    {
        ENOENT when !File.Exists(program) => Directory.Exists(program)
            ? $"'{program}' is a directory. Give the file in it"
            : $"there is no file '{program}'. Check how it is written, or install it",
        ENOENT => $"'{program}' is there, but not what it needs to run: the interpreter in its first line, or its dynamic loader, is missing",
        EACCES when Directory.Exists(program) => $"'{program}' is a directory. Give the file in it",
        EACCES => $"'{program}' is not executable, or this program may not execute it. "
            + "Make it executable (chmod +x), or start its interpreter with the file as an argument",
        ENOTDIR => $"a part of the path '{program}' is no directory. Check how it is written",
        ENOEXEC => $"'{program}' is no program of this system, and names no interpreter in its first line (#!). "
            + "Start its interpreter with the file as an argument, or check what it was built for",
        E2BIG => $"its {start.Arguments.Count} arguments and its environment are too long together. Hand them over by its input or by a file",
        ETXTBSY => $"'{program}' is open for writing. Close it first; if it has just been closed, a process that another thread was starting "
            + "may hold it a moment longer: try again",
        ENFILE or EMFILE => "no descriptors are left. End other processes or close connections, or raise the limit (ulimit -n)",
        EAGAIN => "the system allows this user no more processes. Run fewer at a time, or raise the limit (ulimit -u)",
        ENOMEM => "the system has no memory left",
        ENAMETOOLONG => $"the path '{program}' is too long",
        EPERM => $"the system does not allow '{program}' to be executed",
        _ => $"the system says: {Marshal.GetPInvokeErrorMessage(error)}",
    };

    private static string LostEnd(string before) => $"{before} its status was taken by whoever waits for any child (waitpid(-1)): other code of this program, "
        + "or .NET where this program is process 1, as in a container; or SIGCHLD is ignored, so that the system keeps none. Have that code wait for its own "
        + "children only, and ignore no SIGCHLD; as process 1 leave EventLoopOptions.ProcessStarter unset, or run under an init (docker run --init)";

    private static SubprocessException Failed(ProcessStart start, int error, string cause)
        => new($"Starting '{start.File}' failed: {cause}.", start.File, error);
}
