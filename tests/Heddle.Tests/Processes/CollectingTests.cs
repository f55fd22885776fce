using System.Text;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Processes;

/// <summary>A process run to its end, with all that it writes.</summary>
public abstract class CollectingTests(IProcessStarter starter, Func<EventLoop, INetworkPoller> network) : ProcessTests(starter, network)
{
    public sealed class Native() : CollectingTests(ProcessStarters.Native, Pollers.Epoll);

    public sealed class Portable() : CollectingTests(ProcessStarters.Portable, Pollers.Sockets);

    public sealed class PortableOnEpoll() : CollectingTests(ProcessStarters.Portable, Pollers.Epoll);

    [Fact]
    public void What_it_writes_and_how_it_ended_are_the_result() => Run(async () =>
    {
        var result = await Subprocess.RunAsync("sh", ["-c", "echo out; echo err >&2; exit 7"]);

        Assert.Equal("out\n", result.OutputText);
        Assert.Equal("err\n", result.ErrorText);
        Assert.Equal(7, result.ExitCode);
        Assert.False(result.Status.IsSuccess);
        var failure = Assert.Throws<SubprocessException>(result.EnsureSuccess);
        Assert.Equal("'sh' failed (exit code 7). It says: err", failure.Message);
        Assert.Equal(new ExitStatus(7), failure.Status);
    });

    [Fact]
    public void Its_input_is_fed_while_its_output_is_read() => Run(async () =>
    {
        // Far more than pipes hold: whoever wrote all before reading would wait for ever.
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        var result = await Subprocess.RunAsync("cat", null, new() { StandardInput = SubprocessInput.Bytes(content) });

        Assert.True(result.Output.Span.SequenceEqual(content));
        result = await Subprocess.RunAsync("sort", null, new() { StandardInput = SubprocessInput.Text("b\nä\na\n"), Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" } });
        Assert.Equal("a\nb\nä\n", result.OutputText);
    });

    [Fact]
    public void Huge_output_on_both_pipes_at_once_does_not_hang_it() => Run(async () =>
    {
        const string Script = "head -c 5000000 /dev/zero & head -c 4000000 /dev/zero >&2; wait";
        var result = await Subprocess.RunAsync("sh", ["-c", Script]);

        Assert.True(result.Status.IsSuccess);
        Assert.Equal(5_000_000, result.Output.Length);
        Assert.Equal(4_000_000, result.Error.Length);
    });

    [Fact]
    [Trait("pitfall", "21")]
    public void It_returns_when_the_process_has_ended_though_a_grandchild_holds_its_output() => Run(async () =>
    {
        // The grandchild has both pipes, and says who it is before its parent ends.
        var result = await Subprocess.RunAsync("sh", ["-c", "sleep 1000 & echo $!; echo done"]);
        var lines = result.OutputText.Split('\n');

        Assert.Equal("done", lines[1]);
        var grandchild = int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture);

        // What a process leaves running on purpose, when it ends by itself, is left alone.
        Assert.True(ProcessTable.IsRunning(grandchild));
        await Subprocess.RunAsync("kill", ["-9", lines[0]]);
        WaitUntilGone(grandchild);
    });

    [Fact]
    [Trait("pitfall", "21")]
    public void A_timeout_stops_it_and_keeps_what_it_had_written() => RunIntoTimeouts(async () =>
    {
        var options = new SubprocessOptions { Timeout = Hour };
        var failure = await ThrowsAsync<SubprocessTimeoutException>(async () => await Subprocess.RunAsync(
            "sh", ["-c", "trap 'echo asked to end; exit 5' TERM; echo $$; echo partial; echo oh >&2; while :; do sleep 0.01; done"], options));

        var lines = failure.OutputText.Split('\n');
        Assert.Equal(["partial", "asked to end"], lines[1..3]);
        Assert.StartsWith("oh\n", failure.Partial.ErrorText, StringComparison.Ordinal);
        Assert.Equal(new ExitStatus(5), failure.Partial.Status);
        Assert.Contains("'sh' did not end within 3600 s, and was stopped (exit code 5)", failure.Message, StringComparison.Ordinal);
        AssertForgotten(int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(EventLoop.Current.Now >= Hour);
    }, grace: Second);

    [Fact]
    [Trait("pitfall", "21")]
    public void A_collection_that_is_cut_short_loses_nothing_and_goes_on() => RunIntoTimeouts(async () =>
    {
        await using var process = Script("printf first; read line; printf \", $line\"");
        await ThrowsAsync<TimeoutException>(async () => await process.CollectAsync().WithTimeout(Hour));
        Assert.Equal("first".Length, process.StandardOutput.Buffered);

        process.StandardInput.Write("second\n");
        Assert.Equal("first, second", (await process.CollectAsync()).OutputText);
    }, grace: Second);

    [Fact]
    public void An_input_that_it_does_not_want_does_no_harm() => Run(async () =>
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300_000).Select(i => $"line {i}\n")));
        var result = await Subprocess.RunAsync("head", ["-n", "1"], new() { StandardInput = SubprocessInput.Bytes(content) });

        Assert.Equal("line 0\n", result.EnsureSuccess().OutputText);
    });

    [Theory]
    [InlineData("while :; do echo much; done", "standard output")]
    [InlineData("while :; do echo much >&2; done", "error output")]
    [InlineData("echo longer", "standard output")]
    public void More_than_is_to_be_kept_is_a_failure_and_ends_it(string script, string name) => Run(async () =>
    {
        var failure = await ThrowsAsync<SubprocessException>(async () => await Subprocess.RunAsync("sh", ["-c", script], new() { MaxOutput = 6 }));
        Assert.StartsWith($"'sh' has written more than 6 bytes to its {name}, which is more than is kept in memory (SubprocessOptions.MaxOutput).", failure.Message, StringComparison.Ordinal);
        Assert.Equal("six by", (await Subprocess.RunAsync("sh", ["-c", "printf 'six by'"], new() { MaxOutput = 6 })).OutputText);
        Assert.Equal(128 * 1024 * 1024, new SubprocessOptions().MaxOutput);
    });

    [Fact]
    public void Many_run_side_by_side() => Run(async () =>
    {
        var results = await Coroutine.WhenAll(Enumerable.Range(0, 40).Select(i => Subprocess.RunAsync("sh", ["-c", $"echo {i}; exit {i % 3}"])));

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}\n"), results.Select(result => result.OutputText));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 3), results.Select(result => result.ExitCode));
    });
}
