using Heddle.LowLevel;
using Heddle.TestSupport;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Processes;

/// <summary>What a child gets: arguments, streams, directory, environment.</summary>
public abstract class StartingTests(IProcessStarter starter, Func<EventLoop, INetworkPoller> network) : ProcessTests(starter, network)
{
    private static readonly string[] s_listed = ["-l", "/proc/self/fd"];

    public sealed class Native() : StartingTests(ProcessStarters.Native, Pollers.Epoll);

    public sealed class Portable() : StartingTests(ProcessStarters.Portable, Pollers.Sockets);

    public sealed class PortableOnEpoll() : StartingTests(ProcessStarters.Portable, Pollers.Epoll);

    [Fact]
    public void Arguments_reach_the_program_as_they_are_and_no_shell_sees_them() => Run(async () =>
    {
        string[] odd = ["a b", "", "$HOME", "`id`", "*", "\"quoted\"", "it's", "back\\slash", "new\nline", "ünïcödé", "-n", ";", "|"];
        var result = await Subprocess.RunAsync("sh", ["-c", "printf '<%s>' \"$@\"", "sh", .. odd]);

        Assert.Equal(string.Concat(odd.Select(argument => $"<{argument}>")), result.EnsureSuccess().OutputText);
    });

    [Fact]
    public void A_shell_runs_a_command_if_it_is_asked_to() => Run(async () =>
    {
        var result = await Subprocess.RunShellAsync("echo one two | tr a-z A-Z; exit 3");

        Assert.Equal("ONE TWO\n", result.OutputText);
        Assert.Equal(3, result.ExitCode);
        await using var process = Subprocess.Shell("exit 4");
        Assert.Equal(new ExitStatus(4), await process.WaitAsync());
    });

    [Fact]
    public void It_works_where_it_is_told_to_and_its_own_path_counts_from_here() => Run(async () =>
    {
        using var directory = new TemporaryDirectory();
        var result = await Subprocess.RunAsync("pwd", ["-P"], new() { WorkingDirectory = directory.Path });
        Assert.Equal(directory.Path, result.EnsureSuccess().OutputText.TrimEnd());

        var script = directory.Program("tool", "#!/bin/sh\necho from $(basename \"$0\")\n");
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, script);
        result = await Subprocess.RunAsync(relative, null, new() { WorkingDirectory = "/" });
        Assert.Equal("from tool\n", result.EnsureSuccess().OutputText);
    });

    [Fact]
    public void Its_environment_is_this_programs_with_the_changes_or_only_what_is_given() => Run(async () =>
    {
        Environment.SetEnvironmentVariable("HEDDLE_TEST_KEPT", "kept");
        Environment.SetEnvironmentVariable("HEDDLE_TEST_GONE", "here");
        var options = new SubprocessOptions { Environment = new Dictionary<string, string?> { ["HEDDLE_TEST_NEW"] = "nü=w", ["HEDDLE_TEST_GONE"] = null } };
        var result = await Subprocess.RunAsync("sh", ["-c", "echo $HEDDLE_TEST_KEPT $HEDDLE_TEST_NEW ${HEDDLE_TEST_GONE-none}"], options);
        Assert.Equal("kept nü=w none\n", result.OutputText);

        result = await Subprocess.RunAsync("/usr/bin/env", null, options with { InheritEnvironment = false });
        Assert.Equal("HEDDLE_TEST_NEW=nü=w\n", result.OutputText);

        options = options with { Environment = new Dictionary<string, string?> { ["A=B"] = "c" } };
        await ThrowsAsync<ArgumentException>(async () => await Subprocess.RunAsync("true", null, options));
    });

    [Fact]
    public void A_program_is_looked_for_on_the_path_that_it_is_given() => Run(async () =>
    {
        using var directory = new TemporaryDirectory();
        directory.Program("heddle-test-tool", "#!/bin/sh\necho found\n");
        var options = new SubprocessOptions { Environment = new Dictionary<string, string?> { ["PATH"] = $"/nowhere:{directory.Path}:/bin" } };

        Assert.Equal("found\n", (await Subprocess.RunAsync("heddle-test-tool", null, options)).OutputText);
    });

    [Fact]
    public void Its_streams_are_files_if_they_are_to_be() => Run(async () =>
    {
        using var directory = new TemporaryDirectory();
        var (input, output) = (directory.File("in", "b\na\n"), directory.File("out", "something long that is replaced\n"));
        var options = new SubprocessOptions
        {
            StandardInput = SubprocessInput.File(input),
            StandardOutput = SubprocessOutput.File(output),
            StandardError = SubprocessOutput.File(directory.File("err", "before\n"), append: true),
        };
        var result = await Subprocess.RunAsync("sh", ["-c", "sort; echo said >&2"], options);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("a\nb\n", await File.ReadAllTextAsync(output).OrCanceled());
        Assert.Equal("before\nsaid\n", await File.ReadAllTextAsync(directory.File("err")).OrCanceled());
        Assert.True(result.Output.IsEmpty && result.Error.IsEmpty);
    });

    [Fact]
    public void A_process_waits_for_the_other_end_of_a_named_pipe_and_the_loop_does_not() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere this program opens it.");
        using var directory = new TemporaryDirectory();
        var (input, output, error) = (directory.File("in"), directory.File("out"), directory.File("err"));
        (await Subprocess.RunAsync(Peer.Require("mkfifo"), [input, output, error])).EnsureSuccess();
        await using var process = Subprocess.Start("sh", ["-c", "cat; echo \"$0 $1 $A\" >&2", "a b", "c'd"], new()
        {
            StandardInput = SubprocessInput.File(input),
            StandardOutput = SubprocessOutput.File(output),
            StandardError = SubprocessOutput.File(error, append: true),
            Environment = new Dictionary<string, string?> { ["A"] = "kept" },
        });
        Assert.StartsWith("'sh' (process ", process.ToString());
        Assert.Null(process.Status);
        var others = await Subprocess.RunShellAsync(
            $"echo through the pipe > '{input}'; cat '{output}' & cat '{error}' & wait");

        Assert.Equal(["a b c'd kept", "through the pipe"], others.OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Equal(0, (await process.WaitAsync()).Code);
    });

    [Fact]
    public void A_process_that_waits_for_the_other_end_of_a_named_pipe_can_be_stopped() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere this program opens it.");
        using var directory = new TemporaryDirectory();
        var pipe = directory.File("pipe");
        (await Subprocess.RunAsync(Peer.Require("mkfifo"), [pipe])).EnsureSuccess();
        foreach (var options in new SubprocessOptions[]
            {
                new() { StandardInput = SubprocessInput.File(pipe) },
                new() { StandardOutput = SubprocessOutput.File(pipe), StandardError = SubprocessOutput.ToStandardOutput },
            })
        {
            await using var process = Subprocess.Start("cat", null, options);
            await Coroutine.Yield();
            Assert.Null(process.Status);
            Assert.False((await process.StopAsync()).IsSuccess);
        }

        var failure = Assert.Throws<SubprocessException>(() => Subprocess.Start(pipe, null, new() { StandardInput = SubprocessInput.File(pipe) }));
        Assert.Contains("is not executable", failure.Message);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_named_pipe_that_this_program_may_not_open_is_said_so_at_the_start(bool isOutput) => Run(async () =>
    {
        OtherUser.Skip();
        using var directory = new TemporaryDirectory();
        var pipe = directory.File("pipe");
        (await Subprocess.RunAsync(Peer.Require("mkfifo"), ["-m", isOutput ? "444" : "222", pipe])).EnsureSuccess();
        (await Subprocess.RunAsync("chmod", ["711", Path.GetDirectoryName(pipe)!])).EnsureSuccess();
        SubprocessException failure;
        using (new OtherUser())
        {
            failure = Assert.Throws<SubprocessException>(() => Subprocess.Start("cat", null, isOutput
                ? new() { StandardOutput = SubprocessOutput.File(pipe) }
                : new() { StandardInput = SubprocessInput.File(pipe) }));
        }

        Assert.Equal(
            $"Starting 'cat' failed: the file '{pipe}' for its standard {(isOutput ? "output" : "input")} cannot be opened: this program may not open it.",
            failure.Message);
    });

    [Fact]
    public void Merged_outputs_go_to_a_named_pipe() => Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere this program opens it.");
        using var directory = new TemporaryDirectory();
        var pipe = directory.File("pipe");
        (await Subprocess.RunAsync(Peer.Require("mkfifo"), [pipe])).EnsureSuccess();
        await using var process = Subprocess.Start("sh", ["-c", "echo out; echo err >&2"], new()
        {
            StandardOutput = SubprocessOutput.File(pipe),
            StandardError = SubprocessOutput.ToStandardOutput,
        });

        Assert.Equal("out\nerr\n", (await Subprocess.RunAsync("cat", [pipe])).OutputText);
    });

    [Fact]
    public void Nothing_is_at_its_end_and_swallows_all() => Run(async () =>
    {
        var options = new SubprocessOptions { StandardInput = SubprocessInput.Null, StandardOutput = SubprocessOutput.Null };
        var result = await Subprocess.RunAsync("sh", ["-c", "cat; head -c 300000 /dev/zero; echo err >&2"], options);

        Assert.Equal("err\n", result.EnsureSuccess().ErrorText);
        Assert.True(result.Output.IsEmpty);
    });

    [Fact]
    public void Error_output_can_go_where_the_output_goes() => Run(async () =>
    {
        var options = new SubprocessOptions { StandardError = SubprocessOutput.ToStandardOutput };
        var result = await Subprocess.RunAsync("sh", ["-c", "echo out; echo err >&2"], options);
        Assert.Equal(["err", "out"], result.OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.True(result.Error.IsEmpty);

        using var directory = new TemporaryDirectory();
        var file = directory.File("both");
        await Subprocess.RunAsync("sh", ["-c", "echo out; echo err >&2"], options with { StandardOutput = SubprocessOutput.File(file) });
        Assert.Equal(["err", "out"], (await File.ReadAllLinesAsync(file).OrCanceled()).Order());
        await ThrowsAsync<ArgumentException>(async () => await Subprocess.RunAsync("true", null, new() { StandardOutput = SubprocessOutput.ToStandardOutput }));
    });

    [Fact]
    public void Merged_outputs_are_in_the_order_in_which_they_were_written() => Run(async () =>
    {
        Assert.SkipUnless(IsNative, "The portable starter has two pipes, whose order nobody knows.");
        var options = new SubprocessOptions { StandardError = SubprocessOutput.ToStandardOutput };
        var result = await Subprocess.RunAsync("sh", ["-c", "for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done"], options);

        Assert.Equal("o1\ne1\no2\ne2\no3\ne3\no4\ne4\no5\ne5\n", result.OutputText);
    });

    [Fact]
    public void What_is_no_pipe_is_said_to_be_none() => Run(async () =>
    {
        await using var process = Subprocess.Start("true", null, new() { StandardOutput = SubprocessOutput.Null });
        var failure = Assert.Throws<InvalidOperationException>(() => process.StandardOutput);
        Assert.Contains("StandardOutput = SubprocessOutput.Pipe", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => process.StandardInput);
        Assert.Throws<InvalidOperationException>(() => process.StandardError);
        await process.WaitAsync();
    });

    [Fact]
    public void A_broken_pipe_ends_the_child_as_in_a_shell_and_no_signal_is_blocked_in_it() => Run(async () =>
    {
        // .NET ignores SIGPIPE, and a child inherits what is ignored.
        Assert.SkipUnless(IsNative, "What .NET's Process hands on depends on how this program was started.");
        var result = await Subprocess.RunAsync("grep", ["-E", "SigBlk|SigIgn", "/proc/self/status"]);
        var masks = result.OutputText.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')).ToDictionary(pair => pair[0], pair => Convert.ToUInt64(pair[1], 16));
        Assert.Equal(0UL, masks["SigBlk:"]);
        Assert.Equal(0UL, masks["SigIgn:"] & (1UL << (13 - 1)));
    });

    [Fact]
    public void It_leads_a_process_group_of_its_own_unless_it_is_to_stay_in_this_programs() => Run(async () =>
    {
        ProcessTable.Require();
        var ours = GroupIn(await File.ReadAllTextAsync("/proc/self/stat").OrCanceled());
        await using var alone = Script("read line");
        Assert.Equal(IsNative ? alone.Id : ours, GroupIn(await File.ReadAllTextAsync($"/proc/{alone.Id}/stat").OrCanceled()));
        await using var beside = Subprocess.Start("sh", ["-c", "read line"], Piped with { InheritProcessGroup = true });
        Assert.Equal(ours, GroupIn(await File.ReadAllTextAsync($"/proc/{beside.Id}/stat").OrCanceled()));

        // It is ended with what it has started all the same.
        await using var parent = Subprocess.Start("sh", ["-c", "sleep 1000 & echo $!; wait"], Piped with { InheritProcessGroup = true });
        var child = await ReadNumberAsync(parent);
        await parent.StopAsync();
        Assert.False(ProcessTable.IsRunning(child));
    });

    [Fact]
    public void It_inherits_no_descriptor_of_this_programs_but_its_own_streams() => Run(async () =>
    {
        ProcessTable.Require();
        var atStart = LinksIn(await Subprocess.RunAsync("ls", s_listed));
        await using var other = Script("cat");
        await using var listener = TcpServer.Start(new(System.Net.IPAddress.Loopback, 0), static _ => default);
        using var file = File.OpenHandle(Environment.ProcessPath!);
        var ours = Directory.GetFiles("/proc/self/fd").Select(static number => new FileInfo(number).LinkTarget).OfType<string>().ToHashSet();
        Assert.Contains(Environment.ProcessPath!, ours);
        Assert.Contains(ours, static link => link.StartsWith("socket:", StringComparison.Ordinal));
        Assert.Contains(ours, static link => link.StartsWith("pipe:", StringComparison.Ordinal));

        // A program may itself have been started with some open that it knows nothing of, and those are inherited.
        Assert.Empty(LinksIn(await Subprocess.RunAsync("ls", s_listed)).Except(atStart).Intersect(ours));
    });

    private static HashSet<string> LinksIn(SubprocessResult listing)
        => [.. listing.EnsureSuccess().OutputText.Split('\n').Where(static line => line.Contains("-> ", StringComparison.Ordinal)).Select(static line => line.Split("-> ")[1])];

    private static int GroupIn(string stat)
        => int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
}
