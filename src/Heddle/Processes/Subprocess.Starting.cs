using Heddle.LowLevel;

namespace Heddle;

/// <content>Starting.</content>
public sealed partial class Subprocess
{
    /// <summary>Starts a program. Its arguments reach it as they are: no shell sees them.</summary>
    /// <param name="file">A name to be looked for on the PATH, or a path, which counts from this program's working directory.</param>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="options">Null for the defaults: the streams, the environment and the directory of this program.</param>
    /// <exception cref="SubprocessException">There is no such program, it is not executable, or the system has no room for it.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled; nothing was started.</exception>
    /// <exception cref="InvalidOperationException">No task runs on this thread.</exception>
    public static Subprocess Start(string file, IEnumerable<string>? arguments = null, SubprocessOptions? options = null)
        => Start(StartOf(file, arguments, options ??= new()), options);

    /// <summary>Has a shell run a command: <c>/bin/sh</c>, or on Windows <c>cmd</c>.</summary>
    /// <remarks>
    /// What is put into the command from elsewhere can do all that a command can: hand it over by the environment, as
    /// <c>"$NAME"</c>, or use <see cref="Start(string, IEnumerable{string}?, SubprocessOptions?)"/>.
    /// </remarks>
    /// <inheritdoc cref="Start(string, IEnumerable{string}?, SubprocessOptions?)" path="/exception"/>
    public static Subprocess Shell(string command, SubprocessOptions? options = null) => Start(ShellOf(command, options ??= new()), options);

    /// <summary>Runs a program to its end, and returns how it ended and what it has written. The counterpart of <c>subprocess.run</c>.</summary>
    /// <remarks>
    /// It returns when the process has ended, even if something that it started still holds its output. An exit code other than zero is no
    /// failure; see <see cref="SubprocessResult.EnsureSuccess"/>. When it is cancelled the process is stopped before it throws.
    /// </remarks>
    /// <param name="file">A name to be looked for on the PATH, or a path, which counts from this program's working directory.</param>
    /// <param name="arguments">Without the program's name. No shell sees them.</param>
    /// <param name="options">Null for the defaults: no input, and both outputs collected.</param>
    /// <exception cref="ArgumentException">Its input is to be <see cref="SubprocessInput.Pipe"/>, to which nobody could write.</exception>
    /// <exception cref="SubprocessException">It could not be started; or it has written more than <see cref="SubprocessOptions.MaxOutput"/>, and was stopped.</exception>
    /// <exception cref="SubprocessTimeoutException">It took longer than the options allow; it was stopped, and what it had written is in the exception.</exception>
    public static Coroutine<SubprocessResult> RunAsync(string file, IEnumerable<string>? arguments = null, SubprocessOptions? options = null)
    {
        options = ForRun(options);
        return RunAsync(StartOf(file, arguments, options), options);
    }

    /// <summary>Has a shell run a command to its end; see <see cref="Shell"/>.</summary>
    /// <inheritdoc cref="RunAsync(string, IEnumerable{string}?, SubprocessOptions?)" path="/remarks"/>
    /// <inheritdoc cref="RunAsync(string, IEnumerable{string}?, SubprocessOptions?)" path="/exception"/>
    public static Coroutine<SubprocessResult> RunShellAsync(string command, SubprocessOptions? options = null)
    {
        options = ForRun(options);
        return RunAsync(ShellOf(command, options), options);
    }

    private static async Coroutine<SubprocessResult> RunAsync(ProcessStart start, SubprocessOptions options)
    {
        await using var process = Start(start, options);
        if (options.Timeout == Timeout.InfiniteTimeSpan)
        {
            return await process.CollectAsync();
        }

        var outcome = await CancelScope.MoveOnAfterAsync(options.Timeout, _ => process.CollectAsync());
        if (outcome.IsSuccess)
        {
            return outcome.Value;
        }

        // What it says when it is asked to end is part of what it has written.
        await process.StopAsync();
        throw new SubprocessTimeoutException(process.FileName, options.Timeout, await process.CollectAsync());
    }

    private static Subprocess Start(ProcessStart start, SubprocessOptions options)
    {
        var task = LoopTask.CurrentOrThrow();
        task.ThrowIfCanceled();
        var loop = EventLoop.Current;
        var process = new Subprocess((loop.ProcessStarter ?? ProcessStarters.Default).Start(start), start, options);
        process.BeginWaiting();
        Flow.Current.Scope.OfStarted.Hold(process._held);
        return process;
    }

    private static SubprocessOptions ForRun(SubprocessOptions? options)
    {
        options ??= new();
        if (options.StandardInput == SubprocessInput.Pipe)
        {
            throw new ArgumentException(
                "With RunAsync nobody can write to SubprocessInput.Pipe, and the process would wait for its input without end. "
                + "Give it its whole input (SubprocessInput.Bytes, Text, File or Null), or use Subprocess.Start, whose StandardInput is a writer.",
                nameof(options));
        }

        return options with
        {
            StandardInput = options.StandardInput ?? SubprocessInput.Null,
            StandardOutput = options.StandardOutput ?? SubprocessOutput.Pipe,
            StandardError = options.StandardError ?? SubprocessOutput.Pipe,
        };
    }

    private static ProcessStart ShellOf(string command, SubprocessOptions options)
    {
        ArgumentNullException.ThrowIfNull(command);
        return OperatingSystem.IsWindows()
            ? StartOf("cmd.exe", ["/d", "/s", "/c", command], options) with { RawArguments = $"/d /s /c \"{command}\"" }
            : StartOf("/bin/sh", ["-c", command], options);
    }

    private static ProcessStart StartOf(string file, IEnumerable<string>? arguments, SubprocessOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string[] all = arguments is null ? [] : [.. arguments];
        if (file.Contains('\0') || Array.Exists(all, static argument => argument.Contains('\0')))
        {
            throw new ArgumentException($"The name or an argument of '{file.Replace('\0', '?')}' has a zero in it, where the system would end it.", nameof(arguments));
        }

        ZeroCheck.OfPath(options.WorkingDirectory, nameof(options));
        if (options.StandardOutput == SubprocessOutput.ToStandardOutput)
        {
            throw new ArgumentException("The standard output cannot go to itself. SubprocessOutput.ToStandardOutput is for the error output.", nameof(options));
        }

        return new ProcessStart(file, all)
        {
            WorkingDirectory = options.WorkingDirectory,
            Environment = EnvironmentOf(options),
            InheritProcessGroup = options.InheritProcessGroup,
            StandardInput = (options.StandardInput ?? SubprocessInput.Inherit).Stream,
            StandardOutput = (options.StandardOutput ?? SubprocessOutput.Inherit).Stream,
            StandardError = (options.StandardError ?? SubprocessOutput.Inherit).Stream,
        };
    }

    private static Dictionary<string, string>? EnvironmentOf(SubprocessOptions options)
    {
        if (options.Environment is null && options.InheritEnvironment)
        {
            return null;
        }

        var all = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        if (options.InheritEnvironment)
        {
            foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            {
                all[(string)entry.Key] = (string?)entry.Value ?? "";
            }
        }

        foreach (var (name, value) in options.Environment ?? new Dictionary<string, string?>())
        {
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0') || value?.Contains('\0') == true)
            {
                throw new ArgumentException($"'{name.Replace('\0', '?')}' cannot be set in an environment: a name has no '=', and neither it nor a value has a zero.", nameof(options));
            }

            if (value is null)
            {
                all.Remove(name);
            }
            else
            {
                all[name] = value;
            }
        }

        return all;
    }
}
