using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Http;

/// <summary>A program that uses HTTP in every way, cancelled before its first step, before its second, and so on to its last.</summary>
public sealed class HttpEveryStepTests
{
    [Fact]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    [Trait("pitfall", "6")]
    public void Wherever_the_cancellation_strikes_nothing_is_left_over()
    {
        var steps = RunAndCancelAt(int.MaxValue, expectsEnd: true);
        Assert.InRange(steps, 20, 1000);
        for (var step = 1; step <= steps; step++)
        {
            RunAndCancelAt(step, expectsEnd: false);
        }
    }

    private static int RunAndCancelAt(int step, bool expectsEnd)
    {
        var reports = new List<LoopReport>();
        var queue = new StrikingQueue(step);
        var handler = new Handler();
        VirtualTime.Run(
            async () =>
            {
                var http = new LoopHttpClient(new() { Handler = handler });
                var ended = await CancelScope.RunAsync(async scope =>
                {
                    queue.Arm(() => scope.Cancel("struck"));
                    await UseAsync(http);
                });
                queue.Disarm();
                Assert.True(ended || !expectsEnd);
                Assert.Equal("HTTP client (0 running)", http.ToString());
                Assert.True(handler.Made == handler.Disposed, $"cancelled at step {step}: {handler.Made} bodies, {handler.Disposed} disposed of");

                // The same client goes on to work.
                Assert.Equal("one\ntwo\nthree\n", await http.GetStringAsync("http://somewhere/"));
                await http.DisposeAsync();
                Assert.Equal(0, EventLoop.Current.ForeignWaits);
                Assert.Equal(["main"], EventLoop.Current.Tasks.Select(left => left.Name));
            },
            new() { ReadyQueue = () => queue, OnReport = reports.Add, IdleGrace = TimeSpan.FromSeconds(60) });
        Assert.True(reports.Count == 0, $"cancelled at step {step}: {string.Join("; ", reports)}");
        return queue.Steps;
    }

    private static async Coroutine UseAsync(LoopHttpClient http)
    {
        Assert.Equal("one\ntwo\nthree\n", await http.GetStringAsync("http://somewhere/"));
        await http.PostFormAsync("http://somewhere/", [new("a", "b")]);
        await using (var response = await http.StreamAsync("http://somewhere/"))
        {
            await foreach (var _ in response.ReadChunksAsync())
            {
                await Coroutine.Yield();
            }
        }

        await using (var response = await http.StreamAsync("http://somewhere/").WithTimeout(TimeSpan.FromMinutes(1)))
        {
            await foreach (var line in response.ReadLinesAsync())
            {
                if (line == "two")
                {
                    break;
                }
            }
        }

        await using (var response = await http.StreamAsync("http://somewhere/"))
        {
            await response.CopyToAsync(Stream.Null);
        }
    }

    /// <summary>Answers, and gives out the pieces, each after a turn of the loop; listens to its tokens.</summary>
    private sealed class Handler : HttpMessageHandler
    {
        internal int Made { get; private set; }

        internal int Disposed { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await TurnAsync(cancellationToken);
            Made++;
            return new HttpResponseMessage { Content = new StreamContent(new Body(this)) };
        }

        private static async Task TurnAsync(CancellationToken token)
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
        }

        private sealed class Body(Handler handler) : MemoryStream
        {
            private readonly Queue<byte[]> _pieces = new(["one\ntw"u8.ToArray(), "o\nth"u8.ToArray(), "ree\n"u8.ToArray()]);
            private bool _isDisposed;

            public override bool CanSeek => false;

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                await TurnAsync(cancellationToken);
                if (!_pieces.TryDequeue(out var piece))
                {
                    return 0;
                }

                piece.CopyTo(buffer);
                return piece.Length;
            }

            protected override void Dispose(bool disposing)
            {
                if (!_isDisposed)
                {
                    _isDisposed = true;
                    handler.Disposed++;
                }

                base.Dispose(disposing);
            }
        }
    }
}
