using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Heddle.TestSupport;

namespace Heddle.Tests.Processes;

/// <summary>A program of its own, since what is counted is a whole process's.</summary>
public sealed class ChildrenTests
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");

    [Theory]
    [InlineData("native")]
    [InlineData("portable")]
    public async Task Two_hundred_children_leave_no_zombie_and_no_descriptor(string starter)
    {
        ProcessTable.Require();
        Assert.Equal("200 children, 0 zombies, 0 descriptors more", await RunAsync("children", starter, "200"));
    }

    [Fact]
    public async Task Both_starters_beside_each_other_take_nothing_from_each_other()
    {
        ProcessTable.Require();

        // .NET's Process reaps what it has started when SIGCHLD comes. What Heddle has started must not be among that.
        Assert.Equal("100 children, 0 zombies, 0 descriptors more", await RunAsync("children", "both", "100"));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("portable")]
    [InlineData("both")]
    public async Task A_program_that_was_started_with_SIGCHLD_ignored_hears_how_its_children_end(string starter)
    {
        ProcessTable.Require();
        Peer.Require("sh");
        Assert.Equal(
            "20 children, 0 zombies, 0 descriptors more",
            await RunAsync("sh", ["-c", "trap '' CHLD; exec \"$@\"", "sh", "dotnet", s_program, "children", starter, "20"]));
    }

    [Fact]
    public async Task A_variable_that_is_no_text_is_inherited_as_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "By .NET's own way it is changed.");
        Peer.Require("sh");
        Assert.Equal(
            "ff 41 fe 3d",
            (await RunAsync("sh", ["-c", "X=$(printf '\\377A\\376=') exec \"$@\"", "sh", "dotnet", s_program, "shell", "", "printf %s \"$X\" | od -An -tx1"])).Trim());
    }

    [Fact]
    public async Task A_child_finds_the_terminal_with_its_echo_though_its_parent_has_read_a_key()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is .NET that starts it.");
        const string Terminal = """
            import os, pty, sys
            pid, terminal = pty.fork()
            if pid == 0: os.execvp('dotnet', ['dotnet', sys.argv[1], 'shell', 'key', 'stty -a | tr ";" "\\n"'])
            os.write(terminal, b'x')
            said = b''
            try:
                while piece := os.read(terminal, 1000): said += piece
            except OSError: pass
            print(sorted({word for word in said.decode().split() if word.lstrip('-') in ('echo', 'icanon')}))
            """;
        Assert.Equal("['echo', 'icanon']", await RunAsync(Peer.Require("python3"), ["-c", Terminal, s_program]));
    }

    [Fact]
    public async Task As_process_1_it_hears_how_its_children_end_though_dotnet_takes_all_ends_there()
        => Assert.Equal("20 children, 0 zombies, 0 descriptors more", await RunAsProcess1Async("children", "default", "20"));

    [Fact]
    public async Task As_process_1_it_leaves_no_orphan_a_zombie_that_it_has_stopped()
        => Assert.Equal("0 zombies", await RunAsProcess1Async("family"));

    [Fact]
    public async Task Output_that_the_memory_does_not_hold_fails_the_call_that_collects_it_and_not_the_loop()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/zero has no end on Linux.");

        // 64 MiB of heap, so that little has to be collected.
        string[] limited = ["DOTNET_GCHeapHardLimit=0x4000000", "dotnet", s_program, "glutton"];
        Assert.Equal("the call failed\nthe other task goes on\nand cleans up", await RunAsync("env", limited));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("portable")]
    public async Task Without_a_descriptor_left_children_can_be_stopped(string starter)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is set by a shell.");
        Peer.Require("sh");
        Assert.Equal("143 137", await RunAsync("sh", ["-c", "ulimit -n 128; exec \"$@\"", "sh", "dotnet", s_program, "exhausted", starter]));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("portable")]
    [UnsupportedOSPlatform("windows")]
    public async Task Stopping_a_child_does_not_wait_for_another_users_process_that_it_has_started(string starter)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "To become another user takes root's rights.");
        string[] nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        await SkipUnlessSucceedsAsync("setpriv", [.. nobody, "test", "-r", s_program], "Nobody else may read the test programs.");

        // By which nobody becomes root again.
        var directory = Directory.CreateTempSubdirectory("heddle");
        directory.UnixFileMode = (UnixFileMode)0b111_101_101;
        var becoming = Path.Combine(directory.FullName, "setpriv");
        File.Copy(Peer.Require("setpriv"), becoming);
        File.SetUnixFileMode(becoming, (UnixFileMode)0b111_101_101 | UnixFileMode.SetUser);
        try
        {
            string[] arguments = [.. nobody, "env", $"HOME={directory.FullName}", "dotnet", s_program, "foreigner", starter, becoming];
            var said = (await RunAsync("setpriv", arguments)).Split(' ');
            using var foreigner = Process.GetProcessById(int.Parse(said[1], CultureInfo.InvariantCulture));
            foreigner.Kill();
            Assert.Equal("143", said[0]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsProcess1Async(params string[] arguments)
    {
        string[] unshare = ["--map-root-user", "--pid", "--fork", "--mount-proc"];
        await SkipUnlessSucceedsAsync("unshare", [.. unshare, "true"], "The system allows nobody to begin a new tree of processes here.");
        return await RunAsync("unshare", [.. unshare, "dotnet", s_program, .. arguments]);
    }

    private static async Task SkipUnlessSucceedsAsync(string file, string[] arguments, string why)
    {
        using var trial = Process.Start(new ProcessStartInfo(Peer.Require(file), arguments) { RedirectStandardError = true })!;
        await trial.WaitForExitAsync();
        Assert.SkipUnless(trial.ExitCode == 0, why);
    }

    private static Task<string> RunAsync(params string[] arguments) => RunAsync("dotnet", [s_program, .. arguments]);

    private static async Task<string> RunAsync(string file, string[] arguments)
    {
        using var program = Process.Start(new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,

            // For those that have no descriptor left: the runtime maps by a file what it compiles, and starts a thread to compile it anew.
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_TieredCompilation"] = "0" },
        })!;
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return output.Trim();
    }
}
