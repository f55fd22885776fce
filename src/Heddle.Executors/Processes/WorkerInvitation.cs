using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Heddle;

/// <summary>
/// What makes a process a worker, and whose: a variable of its environment, which only who starts it can set. Arguments will not do: programs take
/// them from forms, files and other people.
/// </summary>
/// <remarks>
/// Others than this user cannot read a process's environment. On Linux the worker looks besides who listens at the socket: it must be the process
/// that has started this one, and of the same user, so that a variable that strayed, or was set around a program that runs with more rights than who
/// starts it, makes no worker.
/// </remarks>
internal sealed partial class WorkerInvitation
{
    /// <summary>Holds the secret, a space, and the path of the socket.</summary>
    internal const string Variable = "HEDDLE_WORKER";

    private WorkerInvitation(string secret, string socket) => (Secret, Socket) = (secret, socket);

    /// <summary>By which the executor knows its worker: nobody else was told.</summary>
    internal string Secret { get; }

    internal string Socket { get; }

    /// <summary>Whether this process was started to be a worker and has not become one.</summary>
    internal static bool IsPending => Environment.GetEnvironmentVariable(Variable) is not null;

    internal static WorkerInvitation To(string socket) => new(RandomNumberGenerator.GetHexString(32), socket);

    /// <summary>Takes it out of this process's environment, so that nothing that this process starts has it; null if there is none.</summary>
    internal static WorkerInvitation? Take()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } text)
        {
            return null;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        if (!OperatingSystem.IsWindows())
        {
            // That was .NET's copy. What native code starts has the system's.
            _ = UnsetVariable(Variable);
        }

        return text.Split(' ', 2) is [var secret, var socket] && Path.IsPathRooted(socket) ? new(secret, socket) : Refuse("it names no socket");
    }

    internal void WriteTo(IDictionary<string, string?> variables) => variables[Variable] = $"{Secret} {Socket}";

    /// <summary>Ends this process if another one than its parent listens at the socket.</summary>
    internal static void RefuseStranger(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // struct ucred: the process, the user and the group of who has called listen.
        const int SOL_SOCKET = 1;
        var option = RuntimeInformation.ProcessArchitecture == Architecture.Ppc64le ? 21 : 17;
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(SOL_SOCKET, option, MemoryMarshal.AsBytes(credentials));
        if (credentials[0] != Parent() || (uint)credentials[1] != EffectiveUser())
        {
            Refuse("the process that listens at its socket is not the one that started it");
        }
    }

    /// <summary>To run the program instead is no way out: it would start workers, which would start workers.</summary>
    [DoesNotReturn]
    internal static WorkerInvitation Refuse(string why)
    {
        Console.Error.WriteLine(
            $"heddle: the variable {Variable} asks this process to be a worker, but {why}. A program that has workers sets it for each of them; unset it elsewhere.");
        Environment.Exit(1);
        return null;
    }

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetVariable(string name);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int Parent();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
