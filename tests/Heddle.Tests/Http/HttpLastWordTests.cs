namespace Heddle.Tests.Http;

/// <summary>A read that has succeeded just when its scope was cancelled keeps what it got; the next one meets the cancellation.</summary>
[Trait("rule", "7")]
public class HttpLastWordTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_body_that_is_read_as_a_whole(bool isHeardAtOnce) => HttpRun.Run(async () =>
    {
        var body = new LastWordBody(isHeardAtOnce);
        await using var http = new LoopHttpClient(new() { Handler = new Answering(_ => new() { Content = new StreamContent(body) }) });
        await CancelledAsync(body, async () => await http.GetAsync("http://somewhere/"));
        Assert.Equal(2, body.Reads);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_body_that_is_read_in_pieces(bool isHeardAtOnce) => HttpRun.Run(async () =>
    {
        var body = new LastWordBody(isHeardAtOnce);
        await using var http = new LoopHttpClient(new() { Handler = new Answering(_ => new() { Content = new StreamContent(body) }) });
        var pieces = new List<int>();
        await CancelledAsync(body, async () =>
        {
            await using var response = await http.StreamAsync("http://somewhere/");
            await foreach (var piece in response.ReadChunksAsync())
            {
                pieces.Add(piece.Length);
            }
        });
        Assert.Equal([1], pieces);
    });

    private static async Coroutine CancelledAsync(LastWordBody body, Func<Coroutine> request) => Assert.False(await CancelScope.RunAsync(async scope =>
    {
        _ = LoopTask.Start(async () =>
        {
            await body.IsAsked.Task.OrCanceled();
            scope.Cancel("enough");
        });
        await request();
    }));

    /// <summary>Whose read has its byte just when it is cancelled. The next one then finds its token cancelled.</summary>
    private sealed class LastWordBody(bool isHeardAtOnce) : MemoryStream
    {
        internal TaskCompletionSource IsAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<int>(cancellationToken);
            }

            var last = new TaskCompletionSource<int>(isHeardAtOnce ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            cancellationToken.Register(() => last.SetResult(1));
            IsAsked.SetResult();
            return new(last.Task);
        }
    }
}
