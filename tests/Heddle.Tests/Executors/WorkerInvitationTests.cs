using System.Diagnostics;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Tests.Executors;

/// <summary>What makes a real program a worker, and what does not. Somebody listens at a socket and has a call ready for whoever connects.</summary>
public sealed class WorkerInvitationTests : ExecutorTests
{
    private const string Variable = "HEDDLE_WORKER";

    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");

    [Fact]
    public async Task Arguments_make_no_worker()
    {
        using var attacker = Attack(out var socket);
        var (output, _, exitCode) = await StartAsync("dotnet", [s_program, "asking", "--heddle-worker", socket]);
        Assert.Equal(($"itself: asking --heddle-worker {socket}", 0), (output.Trim(), exitCode));
        Assert.False(File.Exists(Written));
    }

    [Fact]
    public async Task A_variable_makes_a_worker_of_its_parent_only()
    {
        ProcessTable.Require();
        var shell = Peer.Require("sh");
        using var attacker = Attack(out var socket);
        var (output, errors, exitCode) = await StartAsync(shell, ["-c", "dotnet \"$0\" asking; exit $?", s_program], $"secret {socket}");
        Assert.Equal(("", 1), (output, exitCode));
        Assert.Contains("the variable HEDDLE_WORKER asks this process to be a worker, but the process that listens at its socket is not the one that started", errors);
        Assert.False(File.Exists(Written));
    }

    [Theory]
    [InlineData("1", "it names no socket")]
    [InlineData("secret /nowhere/s", "its socket, /nowhere/s, cannot be reached")]
    public async Task A_variable_that_strayed_ends_the_program_and_says_so(string value, string reason)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Its paths are others.");
        var (output, errors, exitCode) = await StartAsync("dotnet", [s_program, "asking"], value);
        Assert.Equal(("", 1), (output, exitCode));
        Assert.Contains(reason, errors);
        Assert.Contains("unset it elsewhere", errors);
    }

    [Fact]
    public void What_a_worker_starts_is_no_worker() => Run(async () =>
    {
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        Assert.Equal("None", await executor.RunAsync(static name => Environment.GetEnvironmentVariable(name) ?? "None", Variable));
        Assert.Equal("itself: asking", await executor.RunAsync(
            static program => StartAsync("dotnet", [program, "asking"]).GetAwaiter().GetResult().Output.Trim(), s_program));
    });

    [Fact]
    public void The_command_line_of_a_worker_tells_nothing() => Run(async () =>
    {
        ProcessTable.Require();
        await using var executor = new ProcessExecutor(new() { MaxWorkers = 1 });
        var arguments = (await executor.RunAsync(static () => File.ReadAllText("/proc/self/cmdline"))).TrimEnd('\0').Split('\0');
        var start = await executor.RunAsync(static () => File.ReadAllText("/proc/self/environ"));
        var (secret, socket) = start.Split('\0').Single(variable => variable.StartsWith(Variable + '=', StringComparison.Ordinal))[(Variable.Length + 1)..]
            .Split(' ', 2) is [var first, var second] ? (first, second) : default;
        Assert.Equal("--heddle-worker", arguments[^1]);
        Assert.All(arguments, argument => Assert.False(argument.Contains(secret) || argument.Contains(socket), argument));
    });

    private string Written => Path.Combine(Signals, "written");

    /// <summary>Takes what connects for a worker, and has it write a file.</summary>
    private Socket Attack(out string path)
    {
        path = Path.Combine(Signals, "s");
        var call = RemoteWork.Pack(WorkItem.Of(Jobs.Write, Written, "by somebody else's order"));
        byte[] frame = [.. BitConverter.GetBytes(call.Length), 2, .. call];
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _ = AnswerAsync();
        return listener;

        async Task AnswerAsync()
        {
            try
            {
                using var calls = await listener.AcceptAsync();
                using var control = await listener.AcceptAsync();
                await calls.SendAsync(frame);
                while (!File.Exists(Written))
                {
                    // On the wall clock, as it is another process, which ends when its connections do.
                    await Task.Delay(2);
                }
            }
            catch (SocketException)
            {
                // The test is over, or nobody was taken in.
            }
        }
    }

    private static async Task<(string Output, string Errors, int ExitCode)> StartAsync(string program, string[] arguments, string? invitation = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (invitation is not null)
        {
            start.Environment[Variable] = invitation;
        }

        using var process = Process.Start(start)!;

        // Far longer than it takes: what fails here would otherwise wait without end.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (output, await errors, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
