using Heddle.LowLevel;

namespace Heddle;

/// <summary>One call of <c>posix_spawn</c>: it returns when the child has become the program, or says why it has not.</summary>
internal static unsafe class Spawn
{
    /// <param name="start">What to start.</param>
    /// <param name="program">Its file.</param>
    /// <param name="streams">Its descriptors.</param>
    /// <param name="ownGroup">Whether it leads a process group of its own.</param>
    /// <returns>The number of the process.</returns>
    internal static int Run(ProcessStart start, string program, ChildStreams streams, bool ownGroup)
    {
        var actions = stackalloc byte[ProcessCalls.OpaqueSize];
        var attributes = stackalloc byte[ProcessCalls.OpaqueSize];
        Check(start, ProcessCalls.posix_spawn_file_actions_init(actions));
        try
        {
            Check(start, ProcessCalls.posix_spawnattr_init(attributes));
            try
            {
                SetAttributes(attributes, ownGroup);
                Check(start, streams.AddTo(actions));
                if (start.WorkingDirectory is { } directory)
                {
                    Check(start, ProcessCalls.posix_spawn_file_actions_addchdir_np(actions, directory));
                }

                return Run(start, program, actions, attributes);
            }
            finally
            {
                _ = ProcessCalls.posix_spawnattr_destroy(attributes);
            }
        }
        finally
        {
            _ = ProcessCalls.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>No signal is blocked in the child, and a broken pipe ends it, as both are for a program that a shell starts; .NET ignores that signal.</summary>
    private static void SetAttributes(byte* attributes, bool ownGroup)
    {
        var signals = stackalloc byte[ProcessCalls.OpaqueSize];
        _ = ProcessCalls.sigemptyset(signals);
        _ = ProcessCalls.posix_spawnattr_setsigmask(attributes, signals);
        _ = ProcessCalls.sigaddset(signals, ProcessCalls.SIGPIPE);
        _ = ProcessCalls.posix_spawnattr_setsigdefault(attributes, signals);
        _ = ProcessCalls.posix_spawnattr_setpgroup(attributes, 0);
        _ = ProcessCalls.posix_spawnattr_setflags(attributes, (short)(ProcessCalls.POSIX_SPAWN_SETSIGDEF | ProcessCalls.POSIX_SPAWN_SETSIGMASK
            | (ownGroup ? ProcessCalls.POSIX_SPAWN_SETPGROUP : 0)));
    }

    private static int Run(ProcessStart start, string program, byte* actions, byte* attributes)
    {
        using var path = new NativeStrings([program]);
        using var arguments = new NativeStrings([start.File, .. start.Arguments]);
        using var environment = new NativeStrings(EnvironmentOf(start), isEnvironment: true);
        var id = 0;
        var error = ProcessCalls.posix_spawn(&id, *path.Pointer, actions, attributes, arguments.Pointer, environment.Pointer);
        return error == 0 ? id : throw StartFailures.Of(start, error, program);
    }

    /// <summary>That of .NET, which the C library knows nothing of once it was changed.</summary>
    private static List<string> EnvironmentOf(ProcessStart start)
    {
        var all = new List<string>();
        if (start.Environment is { } own)
        {
            foreach (var (name, value) in own)
            {
                all.Add($"{name}={value}");
            }

            return all;
        }

        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            all.Add($"{entry.Key}={entry.Value}");
        }

        return all;
    }

    private static void Check(ProcessStart start, int error)
    {
        if (error != 0)
        {
            throw StartFailures.Of(start, error);
        }
    }
}
