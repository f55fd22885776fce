using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Processes;

/// <summary>What cannot be started: each error names the program, the cause and the remedy, and nothing is left open.</summary>
public abstract class ProcessFaultTests(IProcessStarter starter, Func<EventLoop, INetworkPoller> network) : ProcessTests(starter, network)
{
    public sealed class Native() : ProcessFaultTests(ProcessStarters.Native, Pollers.Epoll);

    public sealed class Portable() : ProcessFaultTests(ProcessStarters.Portable, Pollers.Sockets);

    public sealed class PortableOnEpoll() : ProcessFaultTests(ProcessStarters.Portable, Pollers.Epoll);

    [Fact]
    public void A_command_that_is_not_on_the_path() => Fails(
        "heddle-no-such-tool",
        new() { Environment = new Dictionary<string, string?> { ["PATH"] = "/bin:/nowhere" } },
        2,
        "Starting 'heddle-no-such-tool' failed: there is no such program on the PATH (/bin:/nowhere). "
        + "Check how it is written, install it, or give the path of its file.");

    [Fact]
    public void A_file_that_is_not_there() => Fails(
        "/no/such/tool", null, 2, "Starting '/no/such/tool' failed: there is no file '/no/such/tool'. Check how it is written, or install it.");

    [Fact]
    public void A_file_that_is_not_executable()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.File("script", "#!/bin/sh\n");
        Fails(
            file,
            null,
            13,
            $"Starting '{file}' failed: '{file}' is not executable, or this program may not execute it. "
            + "Make it executable (chmod +x), or start its interpreter with the file as an argument.");

        // On the PATH, too.
        Fails("script", new() { Environment = new Dictionary<string, string?> { ["PATH"] = directory.Path } }, 13, $"'{file}' is not executable");
    }

    [Fact]
    public void A_directory()
    {
        using var directory = new TemporaryDirectory();
        Fails(directory.Path, null, 13, $"'{directory.Path}' is a directory. Give the file in it.");
    }

    [Fact]
    public void A_script_whose_interpreter_is_missing()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Program("script", "#!/no/such/interpreter\n");
        Fails(file, null, 2, $"'{file}' is there, but not what it needs to run: the interpreter in its first line, or its dynamic loader, is missing.");
    }

    [Fact]
    public void A_file_that_is_no_program()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Program("data", "\u0001\u0002 no program");
        Fails(file, null, 8, $"'{file}' is no program of this system, and names no interpreter in its first line (#!).");
    }

    [Fact]
    public void A_program_that_is_being_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Others execute it all the same.");
        using var directory = new TemporaryDirectory();
        var file = directory.Program("script", "#!/bin/sh\n");
        using var writer = File.OpenWrite(file);
        Fails(file, null, 26, $"'{file}' is open for writing. Close it first");
    }

    [Fact]
    public void A_working_directory_that_does_not_exist() => Fails(
        "true",
        new() { WorkingDirectory = "/no/such/directory" },
        2,
        "Starting 'true' failed: its working directory '/no/such/directory' does not exist. Create it first, or check how it is written.");

    [Fact]
    public void A_working_directory_that_may_not_be_entered()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Who may do all may enter all.");
        using var directory = new TemporaryDirectory();
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Its files have no such modes.");
        }
        else
        {
            File.SetUnixFileMode(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Fails(
            "true",
            new() { WorkingDirectory = directory.Path },
            13,
            $"Starting 'true' failed: this program may not enter its working directory '{directory.Path}'. "
            + "Give it the right to (chmod +x), or have the process work elsewhere.");
    }

    [Fact]
    public void Arguments_that_are_too_long_together() => Run(async () =>
    {
        var argument = new string('x', 100_000);
        var failure = await ThrowsAsync<SubprocessException>(async () => await Subprocess.RunAsync("true", Enumerable.Repeat(argument, 100)));
        Assert.Contains("its 100 arguments and its environment are too long together", failure.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Files_for_its_streams_that_cannot_be_opened()
    {
        using var directory = new TemporaryDirectory();
        Fails(
            "true",
            new() { StandardInput = SubprocessInput.File("/no/such/file") },
            2,
            "Starting 'true' failed: the file '/no/such/file' for its standard input cannot be opened: there is no such file.");
        Fails("true", new() { StandardOutput = SubprocessOutput.File("/no/such/file") }, 2, "for its standard output cannot be opened: there is no such directory.");
        Fails("true", new() { StandardError = SubprocessOutput.File(directory.Path) }, 21, "for its error output cannot be opened: it is a directory.");
    }

    [Fact]
    public void What_the_system_would_cut_off_is_refused() => Run(async () =>
    {
        var failure = await ThrowsAsync<ArgumentException>(async () => await Subprocess.RunAsync("echo", ["a\0b"]));
        Assert.Contains("has a zero in it", failure.Message, StringComparison.Ordinal);
        failure = await ThrowsAsync<ArgumentException>(async () => await Subprocess.RunAsync("pwd", null, new() { WorkingDirectory = "/\0no" }));
        Assert.Contains("The path '/?no' has a zero in it", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SubprocessInput.File("/dev/null\0no"));
        Assert.Throws<ArgumentException>(() => SubprocessOutput.File("/dev/null\0no"));
        await ThrowsAsync<ArgumentException>(async () => await Subprocess.RunAsync(""));
        await ThrowsAsync<ArgumentOutOfRangeException>(async () => await Subprocess.RunAsync("true", null, new() { StopGrace = -Second }));
    });

    [Fact]
    public void A_run_to_whose_input_nobody_could_write_is_refused() => Run(async () =>
    {
        var options = new SubprocessOptions { StandardInput = SubprocessInput.Pipe };
        var failure = await ThrowsAsync<ArgumentException>(async () => await Subprocess.RunAsync("cat", null, options));
        Assert.Contains("nobody can write to SubprocessInput.Pipe", failure.Message, StringComparison.Ordinal);
        Assert.Contains("use Subprocess.Start", failure.Message, StringComparison.Ordinal);
        await ThrowsAsync<ArgumentException>(async () => await Subprocess.RunShellAsync("cat", options));
    });

    private void Fails(string file, SubprocessOptions? options, int errorCode, string message) => Run(async () =>
    {
        var piped = (options ?? new()) with { StandardInput = options?.StandardInput ?? SubprocessInput.Text("never read") };
        var failure = await ThrowsAsync<SubprocessException>(async () => await Subprocess.RunAsync(file, ["argument"], piped));
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Equal(file, failure.FileName);
        Assert.Equal(errorCode, failure.ErrorCode);
        Assert.Null(failure.Status);
    });
}
