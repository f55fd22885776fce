using System.Net.Sockets;
using Heddle.LowLevel;
using Heddle.TestSupport;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Processes;

/// <summary>Reading and writing while a process runs.</summary>
public abstract class StreamingTests(IProcessStarter starter, Func<EventLoop, INetworkPoller> network) : ProcessTests(starter, network)
{
    public sealed class Native() : StreamingTests(ProcessStarters.Native, Pollers.Epoll);

    public sealed class Portable() : StreamingTests(ProcessStarters.Portable, Pollers.Sockets);

    public sealed class PortableOnEpoll() : StreamingTests(ProcessStarters.Portable, Pollers.Epoll);

    [Fact]
    public void Lines_come_while_it_runs() => Run(async () =>
    {
        await using var process = Script("while read line; do echo \"got $line\"; done; echo end");
        foreach (var word in new[] { "one", "two", "three" })
        {
            process.StandardInput.Write($"{word}\n");
            Assert.Equal($"got {word}", await process.StandardOutput.ReadLineAsync());
        }

        await process.StandardInput.FinishAsync();
        var rest = new List<string>();
        await foreach (var line in process.StandardOutput.ReadLinesAsync())
        {
            rest.Add(line);
        }

        Assert.Equal(["end"], rest);
        Assert.Equal(new ExitStatus(0), await process.WaitAsync());
    });

    [Fact]
    public void Bytes_come_in_pieces_and_are_the_same() => Run(async () =>
    {
        var content = new byte[1_000_000];
        new Random(2).NextBytes(content);
        await using var process = Subprocess.Start("cat", null, Piped);
        var sending = LoopTask.Start(async () =>
        {
            for (var at = 0; at < content.Length; at += 7919)
            {
                await process.StandardInput.WriteAsync(content.AsMemory(at, Math.Min(7919, content.Length - at)));
            }

            await process.StandardInput.FinishAsync();
        });
        var received = new MemoryStream();
        await foreach (var chunk in process.StandardOutput.ReadChunksAsync())
        {
            received.Write(chunk.Span);
        }

        await sending;
        Assert.True(received.ToArray().AsSpan().SequenceEqual(content));
    });

    [Fact]
    public void What_a_process_writes_in_packets_is_read_to_the_last() => RunIntoTimeouts(
        async () =>
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes with packets are Linux's.");
            var script = """
                import fcntl, os, sys
                fcntl.fcntl(1, fcntl.F_SETFL, fcntl.fcntl(1, fcntl.F_GETFL) | os.O_DIRECT)
                for piece in [b'a', b'b', b'c\n']: os.write(1, piece)
                os.write(2, b'written\n')
                sys.stdin.read()
                """;
            await using var process = Subprocess.Start(
                Peer.Require("python3"), ["-c", script], Piped with { StandardError = SubprocessOutput.Pipe });
            Assert.Equal("written", await process.StandardError.ReadLineAsync());
            Assert.Equal("abc", await process.StandardOutput.ReadLineAsync().WithTimeout(Hour));
        },
        TimeSpan.FromSeconds(1));

    [Fact]
    public void A_writer_waits_for_a_process_that_does_not_read() => RunIntoTimeouts(async () =>
    {
        await using var process = Script("sleep 1000");
        process.StandardInput.Write(new byte[3_000_000]);
        await ThrowsAsync<TimeoutException>(async () => await process.StandardInput.DrainAsync().WithTimeout(Hour));
        Assert.InRange(process.StandardInput.Pending, process.StandardInput.HighMark, 3_000_000);
    });

    [Fact]
    public void To_write_to_one_that_has_closed_its_input_fails_and_says_so() => Run(async () =>
    {
        await using var process = Script("exec <&-; echo closed; sleep 1000");
        Assert.Equal("closed", await process.StandardOutput.ReadLineAsync());
        var failure = await ThrowsAsync<ConnectionException>(async () =>
        {
            while (true)
            {
                await process.StandardInput.WriteAsync(new byte[1000]);
                await process.StandardInput.FlushAsync();
            }
        });

        Assert.Equal(SocketError.Shutdown, failure.ErrorCode);
        Assert.Equal(
            $"Sending to the standard input of 'sh' (process {process.Id}) failed: the other end is closed. The process has ended, or does not read any more; "
            + "see how it ended, and what it says in its error output.",
            failure.Message);
    });

    [Fact]
    public void To_write_to_one_that_has_ended_fails_too() => Run(async () =>
    {
        await using var process = Script("exit 2");
        await process.WaitAsync();
        var failure = await ThrowsAsync<ConnectionException>(async () =>
        {
            while (true)
            {
                process.StandardInput.Write("more"u8);
                await process.StandardInput.FlushAsync();
            }
        });
        Assert.Equal(SocketError.Shutdown, failure.ErrorCode);
    });

    [Fact]
    public void One_is_piped_into_another() => Run(async () =>
    {
        await using var numbers = Script("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done");
        await using var sum = Subprocess.Start("awk", ["{ s += $1 } END { print s }"], Piped);
        var (_, result) = await Coroutine.WhenAll(PipeAsync(numbers, sum), sum.CollectAsync());

        Assert.Equal($"{20000L * 19999 / 2}\n", result.OutputText);
        Assert.True((await numbers.WaitAsync()).IsSuccess);
    });

    [Fact]
    public void Who_is_piped_into_one_that_ends_early_is_ended_by_the_broken_pipe() => Run(async () =>
    {
        await using var yes = Subprocess.Start("yes", null, Piped);
        await using var head = Subprocess.Start("head", ["-n", "2"], Piped);
        var (_, result) = await Coroutine.WhenAll(PipeAsync(yes, head), head.CollectAsync());

        Assert.Equal("y\ny\n", result.OutputText);
        var status = await yes.WaitAsync();

        // .NET's Process hands on what this program was started with, and that may be to ignore the signal.
        Assert.True(IsNative ? status == ExitStatus.OfSignal(13) : !status.IsSuccess, status.ToString());
    });

    [Fact]
    public void What_a_process_has_left_running_waits_for_its_reader_too() => Run(async () =>
    {
        const int Count = 20_000_000;
        await using var process = Script($"sh -c 'echo $$; exec head -c {Count} /dev/zero' & exit 0");
        var grandchild = await ReadNumberAsync(process);
        await process.WaitAsync();
        Assert.True(ProcessTable.IsRunning(grandchild));

        var read = 0;
        await foreach (var chunk in process.StandardOutput.ReadChunksAsync())
        {
            read += chunk.Length;
        }

        Assert.Equal(Count, read);
    });

    private static async Coroutine<bool> PipeAsync(Subprocess from, Subprocess to)
    {
        await from.PipeToAsync(to);
        return true;
    }
}
