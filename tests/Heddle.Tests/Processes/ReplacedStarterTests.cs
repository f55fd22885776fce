using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Processes;

/// <summary>A program that starts processes is tested without any, in virtual time.</summary>
public sealed class ReplacedStarterTests
{
    [Fact]
    public void Another_starter_takes_the_place_of_the_systems() => VirtualTime.Run(
        async () =>
        {
            var result = await Subprocess.RunAsync("git", ["branch", "--show-current"], new() { WorkingDirectory = "/somewhere" });

            Assert.Equal("main\n", result.EnsureSuccess().OutputText);
            Assert.Equal(Hour, EventLoop.Current.Now);
        },
        new() { ProcessStarter = new Pretending(Hour) });

    [Fact]
    public void It_is_told_to_stop_what_takes_too_long()
    {
        var starter = new Pretending(Hour * 5);
        VirtualTime.Run(
            async () =>
            {
                var options = new SubprocessOptions { Timeout = Hour, StopGrace = Second, WorkingDirectory = "/somewhere" };
                var failure = await ThrowsAsync<SubprocessTimeoutException>(async () => await Subprocess.RunAsync("git", ["branch", "--show-current"], options));

                Assert.Equal("main\n", failure.OutputText);
                Assert.Equal(ExitStatus.OfSignal(9), failure.Partial.Status);
                Assert.Equal(Hour + Second, EventLoop.Current.Now);
            },
            new() { ProcessStarter = starter });
        Assert.Equal(["started", "stopped", "let go"], starter.Log);
    }

    [Fact]
    public void Those_that_a_scope_has_left_running_are_stopped_at_the_same_time()
    {
        var starter = new Pretending(Hour * 5);
        VirtualTime.Run(
            async () =>
            {
                await CancelScope.RunAsync(async scope =>
                {
                    for (var i = 0; i < 20; i++)
                    {
                        _ = Subprocess.Start("git", ["branch", "--show-current"], Silent);
                        await Coroutine.Yield();
                    }
                });

                // Each takes its whole grace.
                Assert.Equal(Hour, EventLoop.Current.Now);
            },
            new() { ProcessStarter = starter, Strict = true, IdleGrace = TimeSpan.Zero });
        Assert.Equal(20, starter.Log.Count(static line => line == "let go"));
    }

    [Fact]
    public void What_is_disposed_of_on_the_loop_waits_for_nothing_foreign()
    {
        var starter = new Pretending(Hour * 5);
        VirtualTime.Run(
            async () =>
            {
                await using (var process = Subprocess.Start("git", ["branch", "--show-current"], Silent))
                {
                    await using var numbers = new AsyncGenerator<int>(static async co =>
                    {
                        try
                        {
                            await co.Yield(1);
                        }
                        finally
                        {
                            await Coroutine.Delay(Hour);
                        }
                    });
                    await numbers.NextAsync();
                }

                Assert.Equal(Hour * 2, EventLoop.Current.Now);
            },
            new() { ProcessStarter = starter, Strict = true, IdleGrace = TimeSpan.Zero });
        Assert.Equal(["started", "stopped", "let go"], starter.Log);
    }

    private static SubprocessOptions Silent { get; } = new()
    {
        StandardInput = SubprocessInput.Null,
        StandardOutput = SubprocessOutput.Pipe,
        StopGrace = Hour,
        WorkingDirectory = "/somewhere",
    };

    private sealed class Pretending(TimeSpan takes) : IProcessStarter
    {
        internal List<string> Log { get; } = [];

        public ProcessTransport Start(ProcessStart start)
        {
            Assert.Equal("git", start.File);
            Assert.Equal(["branch", "--show-current"], start.Arguments);
            Assert.Equal("/somewhere", start.WorkingDirectory);
            Assert.Equal(ProcessStreamKind.Null, start.StandardInput.Kind);
            Assert.Equal(ProcessStreamKind.Pipe, start.StandardOutput.Kind);
            Assert.Null(start.Environment);
            Log.Add("started");
            return new Pretended(this, takes);
        }
    }

    private sealed class Pretended : ProcessTransport
    {
        private readonly Pretending _starter;
        private readonly LoopTimer _end;
        private IIoCompletion<ExitStatus>? _waiter;

        internal Pretended(Pretending starter, TimeSpan takes)
        {
            _starter = starter;
            _end = new LoopTimer(EventLoop.Current, () => End(new ExitStatus(0)));
            _end.Schedule(takes);
        }

        public override int Id => 4711;

        public override StreamTransport? StandardInput => null;

        public override StreamTransport? StandardOutput { get; } = new Said("main\n"u8.ToArray());

        public override StreamTransport? StandardError { get; } = new Said(ReadOnlyMemory<byte>.Empty);

        public override IoResult<ExitStatus> WaitForExit(IIoCompletion<ExitStatus> completion)
        {
            _waiter = completion;
            return IoResult<ExitStatus>.Pending;
        }

        public override void SendSignal(int signal) => End(ExitStatus.OfSignal(signal));

        public override async Coroutine StopAsync(TimeSpan grace)
        {
            _starter.Log.Add("stopped");
            _end.Cancel();
            await Coroutine.Delay(grace);
            SendSignal(9);
        }

        public override void Dispose() => _starter.Log.Add("let go");

        private void End(ExitStatus status) => _waiter!.Complete(new(status));
    }

    private sealed class Said(ReadOnlyMemory<byte> content) : StreamTransport
    {
        private ReadOnlyMemory<byte> _left = content;

        public override EndPoint? LocalEndPoint => null;

        public override EndPoint? RemoteEndPoint => null;

        public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
        {
            var count = Math.Min(buffer.Length, _left.Length);
            _left[..count].CopyTo(buffer);
            _left = _left[count..];
            return new(count);
        }

        public override bool TryCancelReceive() => true;

        public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion) => new(SocketError.OperationNotSupported);

        public override bool TryCancelSend() => true;

        public override IoResult<int> FinishSending(IIoCompletion<int> completion) => new(SocketError.OperationNotSupported);

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }
    }
}
