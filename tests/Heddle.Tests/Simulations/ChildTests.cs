using System.Net;
using System.Runtime.InteropServices;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Child processes of a simulated program, written as coroutines: their streams, how they end, and what ends with them.</summary>
public class ChildTests
{
    private const int NoSuchFile = 2;

    [Fact]
    public void A_program_has_arguments_an_environment_input_two_outputs_and_an_exit_code()
        => Explore(async world =>
        {
            world.AddProgram("sort", static async process =>
            {
                Assert.Equal(["-r"], process.Arguments);
                Assert.Equal("C", process.Environment["LC_ALL"]);
                Assert.Equal("/tmp", process.WorkingDirectory);
                var lines = new List<string>();
                await foreach (var line in process.Input.ReadLinesAsync())
                {
                    lines.Add(line);
                }

                process.Error.Write($"{lines.Count} lines");
                foreach (var line in lines.OrderDescending(StringComparer.Ordinal))
                {
                    process.Output.Write($"{line}\n");
                }

                return 3;
            });
            var result = await Subprocess.RunAsync("sort", ["-r"], new()
            {
                StandardInput = SubprocessInput.Text("a\nc\nb\n"),
                Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
                WorkingDirectory = "/tmp",
            });
            Assert.Equal(new ExitStatus(3), result.Status);
            Assert.Equal("c\nb\na\n", result.OutputText);
            Assert.Equal("3 lines", result.ErrorText);
        });

    [Fact]
    public void A_parent_and_its_child_talk_by_pipes_and_the_end_of_the_input_ends_the_child()
        => Explore(async world =>
        {
            world.AddProgram("upper", UpperAsync);
            await using var child = Subprocess.Start("upper", null, Piped);
            foreach (var word in (string[])["one", "two"])
            {
                child.StandardInput.Write($"{word}\n");
                Assert.Equal(word.ToUpperInvariant(), await child.StandardOutput.ReadLineAsync());
            }

            await child.StandardInput.FinishAsync();
            Assert.Null(await child.StandardOutput.ReadLineAsync());
            Assert.Equal(new ExitStatus(0), await child.WaitAsync());
        });

    [Fact]
    public void More_than_a_pipe_holds_waits_for_who_reads_it()
        => Explore(async world =>
        {
            var written = false;
            world.AddProgram("yes", async process =>
            {
                await process.Output.WriteAsync(new byte[200_000]);
                await process.Output.FlushAsync();
                written = true;
                return 0;
            });
            await using var child = Subprocess.Start("yes", null, Piped);
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            Assert.False(written);
            Assert.Equal(200_000, (await child.CollectAsync()).Output.Length);
            Assert.True(written);
        });

    [Fact]
    public void Error_output_that_goes_where_the_output_goes_keeps_its_place()
        => Explore(async world =>
        {
            world.AddProgram("make", static async process =>
            {
                process.Output.Write("builds\n");
                process.Error.Write("warns\n");
                await Coroutine.Yield();
                process.Output.Write("is done\n");
                return 0;
            });
            var result = await Subprocess.RunAsync("make", null, new() { StandardError = SubprocessOutput.ToStandardOutput });
            Assert.Equal("builds\nwarns\nis done\n", result.OutputText);
        });

    [Fact]
    public void A_program_that_there_is_not_cannot_be_started()
        => Explore(async world =>
        {
            var none = await Assert.ThrowsAsync<SubprocessException>(async () => await Subprocess.RunAsync("git"));
            Assert.Equal(NoSuchFile, none.ErrorCode);
            world.AddProgram("sort", UpperAsync);
            var other = await Assert.ThrowsAsync<SubprocessException>(async () => await Subprocess.RunAsync("git"));
            Assert.Equal("git", other.FileName);
            Assert.Equal(NoSuchFile, other.ErrorCode);
            Assert.Contains("it has sort", other.Message);
        });

    [Fact]
    public void A_shell_command_is_for_the_program_that_is_the_shell()
        => Explore(async world =>
        {
            world.AddProgram(OperatingSystem.IsWindows() ? "cmd.exe" : "/bin/sh", static async process =>
            {
                await Coroutine.Yield();
                process.Output.Write(process.Arguments[^1]);
                return 0;
            });
            Assert.Equal("ls | wc", (await Subprocess.RunShellAsync("ls | wc")).OutputText);
        });

    [Fact]
    public void A_process_that_is_asked_to_end_is_cancelled_and_cleans_up()
        => Explore(async world =>
        {
            var cleaned = 0;
            world.AddProgram("sleep", async process =>
            {
                try
                {
                    await Coroutine.Delay(TimeSpan.FromHours(1));
                    return 0;
                }
                catch (ScopeCanceledException) when (process.Arguments is ["--catch"])
                {
                    return 7;
                }
                finally
                {
                    cleaned++;
                }
            });
            foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT])
            {
                await using var child = Subprocess.Start("sleep", null, Silent);
                await Coroutine.Yield();
                child.SendSignal(signal);
                Assert.Equal(ExitStatus.OfSignal(signal == PosixSignal.SIGTERM ? 15 : 2), await child.WaitAsync());
            }

            await using var catching = Subprocess.Start("sleep", ["--catch"], Silent);
            Assert.Equal(new ExitStatus(7), await catching.StopAsync());
            Assert.Equal(3, cleaned);
            Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
        });

    [Fact]
    public void A_process_that_is_killed_runs_no_further_line()
        => Explore(async world =>
        {
            var lines = new List<string>();
            world.AddProgram("sleep", async _ =>
            {
                try
                {
                    lines.Add("begins");
                    await TaskGroup.RunAsync(async group =>
                    {
                        group.Start(() => Coroutine.Delay(TimeSpan.FromHours(1)));
                        await Coroutine.Delay(TimeSpan.FromHours(1));
                    });
                    lines.Add("goes on");
                    return 0;
                }
                finally
                {
                    lines.Add("cleans up");
                }
            });
            await using var child = Subprocess.Start("sleep", null, Silent);
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            child.Kill();
            Assert.Equal(ExitStatus.OfSignal(9), await child.WaitAsync());
            await Coroutine.Delay(TimeSpan.FromHours(2));
            Assert.Equal(["begins"], lines);
        });

    [Fact]
    public void One_that_does_not_end_when_it_is_asked_to_is_killed_after_the_grace()
        => Explore(async world =>
        {
            world.AddProgram("deaf", static async process =>
            {
                process.Output.Write("hears nothing");
                await CancelScope.ShieldAsync(() => Coroutine.Delay(TimeSpan.FromHours(1)));
                return 0;
            });
            var options = new SubprocessOptions { Timeout = TimeSpan.FromMinutes(1), StopGrace = TimeSpan.FromSeconds(10) };
            var failure = await Assert.ThrowsAsync<SubprocessTimeoutException>(async () => await Subprocess.RunAsync("deaf", null, options));
            Assert.Equal("hears nothing", failure.OutputText);
            Assert.Equal(ExitStatus.OfSignal(9), failure.Partial.Status);
            Assert.Equal(TimeSpan.FromSeconds(70), EventLoop.Current.Now);
        });

    [Fact]
    public void What_a_process_has_started_is_stopped_with_it()
        => Explore(async world =>
        {
            var running = 0;
            world.AddProgram("worker", async _ =>
            {
                running++;
                try
                {
                    await Coroutine.Delay(Timeout.InfiniteTimeSpan);
                    return 0;
                }
                finally
                {
                    running--;
                }
            });
            world.AddProgram("master", static async _ =>
            {
                await using var worker = Subprocess.Start("worker", null, Silent);
                return (await worker.WaitAsync()).Code;
            });
            await using (var master = Subprocess.Start("master", null, Silent))
            {
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                Assert.Equal(1, running);
            }

            Assert.Equal(0, running);
            Assert.True(EventLoop.Current.Tasks is [_], "tasks are left");
        });

    [Fact]
    public void What_a_process_leaves_running_within_it_ends_with_it()
        => Explore(async world =>
        {
            var late = false;
            world.AddProgram("hasty", async process =>
            {
                _ = LoopTask.Start(async () =>
                {
                    await Coroutine.Delay(TimeSpan.FromSeconds(1));
                    late = true;
                });
                await Coroutine.Yield();
                return 0;
            });
            await Subprocess.RunAsync("hasty");
            await Coroutine.Delay(TimeSpan.FromSeconds(2));
            Assert.False(late);
        });

    [Fact]
    public void The_sockets_of_a_killed_process_are_closed()
        => Explore(async world =>
        {
            world.AddProgram("server", static async _ =>
            {
                await using var server = TcpServer.Start(new(IPAddress.Any, 80), static async connection => await connection.Reader.ReadLineAsync());
                await Coroutine.Delay(Timeout.InfiniteTimeSpan);
                return 0;
            });
            await using var first = Subprocess.Start("server", null, Silent);
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            await using var connection = await TcpConnection.ConnectAsync("localhost", 80);
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            first.Kill();
            Assert.Null(await connection.Reader.ReadLineAsync());
            await Assert.ThrowsAsync<ConnectionException>(async () => await TcpConnection.ConnectAsync("localhost", 80));
            await using var second = Subprocess.Start("server", null, Silent);
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            await using var again = await TcpConnection.ConnectAsync("localhost", 80);
        });

    [Fact]
    public void A_write_to_a_parent_that_reads_no_more_ends_the_process_as_a_broken_pipe_does()
        => Explore(async world =>
        {
            world.AddProgram("yes", static async process =>
            {
                while (true)
                {
                    process.Output.Write("y\n");
                    await process.Output.DrainAsync();
                    await Coroutine.Yield();
                }
            });
            world.AddProgram("head", static async process =>
            {
                process.Output.Write(await process.Input.ReadLineAsync() ?? "");
                return 0;
            });
            await using var yes = Subprocess.Start("yes", null, Piped);
            await using var head = Subprocess.Start("head", null, Piped);
            await Coroutine.WhenAll(yes.PipeToAsync(head), ReadAsync());
            Assert.Equal(ExitStatus.OfSignal(13), await yes.WaitAsync());

            async Coroutine ReadAsync() => Assert.Equal("y", (await head.CollectAsync()).OutputText);
        });

    [Fact]
    public void A_child_is_on_the_host_of_its_parent_and_a_crash_takes_it_along()
        => Explore(async world =>
        {
            var (lines, begun) = (new List<string>(), 0);
            world.AddProgram("worker", async _ =>
            {
                try
                {
                    Assert.Equal("host", SimulatedHost.Current?.Name);
                    begun++;
                    await Coroutine.Delay(TimeSpan.FromSeconds(10));
                    lines.Add("goes on");
                    return 0;
                }
                finally
                {
                    lines.Add("cleans up");
                }
            });
            var host = world.AddHost("host", static async () => await Subprocess.RunAsync("worker"));
            await Coroutine.Delay(TimeSpan.FromSeconds(1));
            host.Crash();
            await Coroutine.Delay(TimeSpan.FromMinutes(1));
            Assert.Equal(1, begun);
            Assert.Empty(lines);
            host.Start();
            await Coroutine.Delay(TimeSpan.FromMinutes(1));
            Assert.Equal(2, begun);
            Assert.Equal(["goes on", "cleans up"], lines);
        });

    [Fact]
    public void A_program_that_fails_fails_the_run()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => Explore(async world =>
        {
            world.AddProgram("broken", static async _ =>
            {
                await Coroutine.Yield();
                throw new InvalidDataException("the program is wrong");
            });
            Assert.Equal(ExitStatus.OfSignal(6), (await Subprocess.RunAsync("broken")).Status);
        }));
        Assert.Contains("the program is wrong", failure.Message);
    }

    private static SubprocessOptions Piped { get; } = new() { StandardInput = SubprocessInput.Pipe, StandardOutput = SubprocessOutput.Pipe };

    private static SubprocessOptions Silent { get; } = new() { StandardInput = SubprocessInput.Null, StandardOutput = SubprocessOutput.Null };

    private static async Coroutine<int> UpperAsync(SimulatedProcess process)
    {
        await foreach (var line in process.Input.ReadLinesAsync())
        {
            process.Output.Write($"{line.ToUpperInvariant()}\n");
        }

        return 0;
    }

    private static void Explore(Func<SimulationWorld, Coroutine> body) => Simulation.Explore(body, new() { Runs = 100 });
}
