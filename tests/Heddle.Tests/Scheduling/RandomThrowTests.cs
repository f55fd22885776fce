using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Tests.Scheduling;

/// <summary>A thousand runs in each of which much throws, at places that chance has chosen, among tasks that do nothing wrong.</summary>
/// <remarks>What throws: beginnings and abortions of waits, completions of I/O, events of the poller, callbacks of all kinds, handlers of signals, timers, the ends of passes, comparers, the ready queue, and each report's sink.</remarks>
public class RandomThrowTests
{
    private const int Runs = 1000;

    [Fact]
    public void Whatever_throws_the_loop_goes_on_and_every_other_task_cleans_up()
    {
        var thrown = new Dictionary<string, int>();
        for (var seed = 0; seed < Runs; seed++)
        {
            Run(seed, thrown);
        }

        // Each kind did throw, and often.
        Assert.Equal(Villains.Kinds.Order(), thrown.Keys.Order());
        Assert.All(thrown.Values, static count => Assert.True(count > Runs / 10));
    }

    private static void Run(int seed, Dictionary<string, int> thrown)
    {
        var random = new Random(seed);
        var (begun, cleaned) = (0, 0);
        var isOver = false;
        MoodyQueue.Throws = null;
        EventLoop.Run(
            async () =>
            {
                var villains = new Villains(random, thrown);
                var innocents = Innocents().Select(wait => LoopTask.Start(KeepAsync(wait), "innocent")).ToArray();
                for (var i = random.Next(3, 9); i > 0; i--)
                {
                    await villains.ActAsync();
                }

                await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
                Assert.Equal(innocents.Length, begun);
                Assert.DoesNotContain(innocents, static one => one.IsCompleted);
                foreach (var innocent in innocents)
                {
                    innocent.Cancel();
                }

                await LoopTask.WhenAny(LoopTask.Start(async () =>
                {
                    foreach (var innocent in innocents)
                    {
                        await LoopTask.WhenAny(innocent);
                    }
                }));
                isOver = true;
            },
            new()
            {
                ReadyQueue = seed % 2 == 0 ? null : () => new MoodyQueue(random),
                OnReport = _ =>
                {
                    if (random.Next(8) == 0)
                    {
                        Villains.Count(thrown, "a report's sink");
                        throw new InvalidTimeZoneException("the sink");
                    }
                },
            });
        Assert.True(isOver, $"seed {seed}");
        Assert.Equal(begun, cleaned);

        async Coroutine KeepAsync(Func<Coroutine> wait)
        {
            begun++;
            try
            {
                await wait();
            }
            finally
            {
                await CancelScope.ShieldAsync(static async () => await Coroutine.Yield());
                cleaned++;
            }
        }
    }

    /// <summary>A task in each kind of wait.</summary>
    private static IEnumerable<Func<Coroutine>> Innocents()
    {
        var never = TimeSpan.FromHours(1);
        yield return () => Coroutine.Delay(never);
        yield return static async () => await new CoroutineSource<int>();
        yield return static async () => await new AsyncQueue<int>().GetAsync();
        yield return static () => new AsyncManualResetEvent().WaitAsync();
        yield return static async () => await new TaskCompletionSource().Task.OrCanceled();
        yield return () => TaskGroup.RunAsync(async group => group.Start(Coroutine.Delay(never)));
        yield return static async () =>
        {
            while (true)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(0.2));
            }
        };
        yield return static async () =>
        {
            await using var server = TcpServer.Start(new(IPAddress.Loopback, 0), static connection => connection.Reader.ReadToEndAsync());
            await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint);
            await client.Reader.ReadLineAsync();
        };
    }

    private sealed class Villains(Random random, Dictionary<string, int> thrown)
    {
        internal static readonly string[] Kinds =
        [
            "a wait's beginning", "a wait that has resumed", "a wait's abortion", "a completion", "an event", "a receive", "a taking back", "a callback",
            "a timer", "a pass end", "a task's callback", "a token's callback", "a comparer", "a signal's handler", "a ready queue", "another thread's callback",
            "a report's sink",
        ];

        internal static void Count(Dictionary<string, int> thrown, string kind)
            => System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(thrown, kind, out _)++;

        internal async Coroutine ActAsync()
        {
            var kind = Kinds[random.Next(Kinds.Length)];
            if (random.Next(2) == 0)
            {
                await Coroutine.Yield();
            }

            switch (kind)
            {
                case "a wait's beginning":
                    await FailsAsync(() => Suspend.UntilResumedAsync<int, int>(0, (_, _) => Throw(kind), static _ => true, "villain"));
                    break;
                case "a wait that has resumed":
                    await FailsAsync(() => Suspend.UntilResumedAsync<int, int>(
                        0,
                        (resumption, _) =>
                        {
                            resumption.TryResume(1);
                            Throw(kind);
                        },
                        static _ => true,
                        "villain"));
                    break;
                case "a wait's abortion":
                    var stubborn = LoopTask.Start(async () => await Suspend.UntilResumedAsync<int, int>(
                        0,
                        static (_, _) => { },
                        _ =>
                        {
                            Throw(kind);
                            return true;
                        },
                        "villain"));
                    await Coroutine.Yield();
                    stubborn.Cancel();
                    await LoopTask.WhenAny(stubborn);
                    break;
                case "a completion":
                    Count(thrown, kind);
                    await FailsAsync(() => new Transport(this).ReceiveAsync(new byte[1]));
                    await FailsAsync(() => new Transport(this) { Overflows = true }.ReceiveAsync(new byte[1]));
                    await FailsAsync(() => new ByteReader(new Transport(this) { Overflows = true }).ReadAsync(new Memory<byte>(new byte[1])));
                    await FailsAsync(async () => await new ByteReader(new Transport(this) { Overflows = true }).ReadLineAsync());
                    break;
                case "an event":
                    await EventAsync(kind);
                    break;
                case "a receive":
                    await FailsAsync(async () => await new ByteReader(new Transport(this) { ThrowsAtOnce = kind }).ReadToEndAsync());
                    break;
                case "a taking back":
                    var receiving = LoopTask.Start(async () => await new Transport(this) { ThrowsWhenTakenBack = kind }.ReceiveAsync(new byte[1]));
                    await Coroutine.Yield();
                    receiving.Cancel();
                    await LoopTask.WhenAny(receiving);
                    break;
                case "a callback":
                    EventLoop.Current.Post(() => Throw(kind));
                    break;
                case "a timer":
                    new LoopTimer(EventLoop.Current, () => Throw(kind)).Schedule(TimeSpan.FromMilliseconds(random.Next(2)));
                    break;
                case "a pass end":
                    var writer = new ByteWriter(new Transport(this) { ThrowsAtOnce = kind });
                    writer.Write("x"u8);
                    await FailsAsync(async () => await writer.FlushAsync());
                    break;
                case "a task's callback":
                    LoopTask.Start(static () => Coroutine.Completed).OnCompleted(_ => Throw(kind));
                    break;
                case "a token's callback":
                    await CancelScope.RunAsync(async scope =>
                    {
                        scope.Token.UnsafeRegister(_ => Throw(kind), null);
                        scope.Cancel();
                        await Coroutine.Yield();
                    });
                    break;
                case "a comparer":
                    var moody = new AsyncPriorityQueue<int>(2, Comparer<int>.Create((_, _) =>
                    {
                        Throw(kind);
                        return 0;
                    }));
                    await moody.PutAsync(1);
                    await FailsAsync(() => moody.PutAsync(2));
                    break;
                case "a signal's handler":
                    if (OperatingSystem.IsWindows())
                    {
                        Count(thrown, kind);
                        break;
                    }

                    var handled = new CoroutineSource<bool>();
                    using (EventLoop.Current.OnSignal(OwnSignal.Harmless, _ =>
                    {
                        handled.SetResult(true);
                        Throw(kind);
                    }))
                    {
                        OwnSignal.Send();
                        await handled;
                    }

                    break;
                case "a ready queue":
                    MoodyQueue.Throws = () => Throw(kind);
                    await Coroutine.Yield();
                    break;
                case "another thread's callback":
                    var loop = EventLoop.Current;
                    await Coroutine.ToThread(() => loop.Post(() => Throw(kind)));
                    break;
                default:
                    EventLoop.Current.Post(static () => throw new FormatException());
                    break;
            }
        }

        internal void Throw(string kind)
        {
            Count(thrown, kind);
            throw new FormatException(kind);
        }

        /// <summary>A real socket's.</summary>
        private async Coroutine EventAsync(string kind)
        {
            using var listener = EventLoop.Current.Network.Listen(new IPEndPoint(IPAddress.Loopback, 0), new());
            using var here = await EventLoop.Current.Network.ConnectAsync(listener.LocalEndPoint);
            using var there = await listener.AcceptAsync();
            var told = new CoroutineSource<bool>();
            Assert.True(there.Receive(new byte[1], new Completion(() =>
            {
                told.SetResult(true);
                Throw(kind);
            })).IsPending);
            await here.SendAsync("x"u8.ToArray());
            await told;
        }

        private static async Coroutine FailsAsync(Func<Coroutine> body)
        {
            try
            {
                await body();
            }
            catch (Exception failure) when (failure is not ScopeCanceledException)
            {
                return;
            }

            Assert.Fail("It should have failed.");
        }

        private static Coroutine FailsAsync(Func<Coroutine<int>> body) => FailsAsync(async () => { await body(); });
    }

    /// <summary>First come, first served, until it throws, with a task or without.</summary>
    private sealed class MoodyQueue(Random random) : IReadyQueue
    {
        private readonly Queue<LoopTask> _tasks = new();

        /// <summary>For the loop of this thread; cleared by the throw.</summary>
        [field: ThreadStatic]
        internal static Action? Throws { get; set; }

        public void Enqueue(LoopTask task)
        {
            if (random.Next(2) == 0)
            {
                ThrowIfTold();
            }

            _tasks.Enqueue(task);
        }

        public LoopTask Dequeue()
        {
            ThrowIfTold();
            return _tasks.Dequeue();
        }

        private static void ThrowIfTold()
        {
            var throws = Throws;
            Throws = null;
            throws?.Invoke();
        }
    }

    private sealed class Completion(Action callback) : IIoCompletion<int>
    {
        public void Complete(IoResult<int> result) => callback();
    }

    /// <summary>Says at its next turn that it has received, or does as the test wants.</summary>
    private sealed class Transport(Villains villains) : StreamTransport
    {
        /// <summary>Says that it has received more than there was room for.</summary>
        internal bool Overflows { get; init; }

        internal string? ThrowsAtOnce { get; init; }

        internal string? ThrowsWhenTakenBack { get; init; }

        public override EndPoint? LocalEndPoint => null;

        public override EndPoint? RemoteEndPoint => null;

        public override IoResult<int> Receive(Memory<byte> buffer, IIoCompletion<int> completion)
        {
            if (ThrowsAtOnce is { } kind)
            {
                villains.Throw(kind);
            }

            EventLoop.Current.Post(() => completion.Complete(
                Overflows ? new(int.MaxValue) : ThrowsWhenTakenBack is null ? new(SocketError.ConnectionReset) : new(1)));
            return IoResult<int>.Pending;
        }

        public override bool TryCancelReceive()
        {
            villains.Throw(ThrowsWhenTakenBack ?? "a taking back");
            return true;
        }

        public override IoResult<int> Send(ReadOnlySpan<ReadOnlyMemory<byte>> buffers, IIoCompletion<int> completion)
        {
            villains.Throw(ThrowsAtOnce!);
            return new(1);
        }

        public override bool TryCancelSend() => false;

        public override IoResult<int> FinishSending(IIoCompletion<int> completion) => new(SocketError.OperationNotSupported);

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }
    }
}
