using System.Net;
using System.Text;

namespace WikiPath.Tests.MediaWiki;

/// <summary>
/// Stands between a client and a wiki: notes each request, and answers some of them in the wiki's place.
/// </summary>
sealed class TestNetwork(HttpMessageHandler wiki) : DelegatingHandler(wiki)
{
    readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _instead = [];

    public List<SentRequest> Sent { get; } = [];

    /// <summary>Told of each request, before it is answered.</summary>
    public Func<Task>? OnRequest { get; init; }

    /// <summary>Answers the next request that nothing else answers.</summary>
    public TestNetwork Then(
        HttpStatusCode status, string body =
            "", string type = "text/html", params (string Name, string Value)[] headers)
    {
        _instead.Enqueue(_ =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
            foreach (var (name, value) in headers) response.Headers.Add(name, value);
            return Task.FromResult(response);
        });
        return this;
    }

    /// <summary>An API error, which comes with status 200.</summary>
    public TestNetwork ThenError(string code, params (string Name, string Value)[] headers) => Then(
        HttpStatusCode.OK, $$"""{"errors":[{"code":"{{code}}","text":"Something about {{code}}.","module":"main"}]}""",
        "application/json", [("MediaWiki-API-Error", code), .. headers]);

    public TestNetwork ThenJson(string answer) => Then(HttpStatusCode.OK, answer, "application/json");

    public TestNetwork ThenFail(HttpRequestError error)
    {
        _instead.Enqueue(_ => throw new HttpRequestException(error));
        return this;
    }

    /// <summary>Leaves the next request without an answer until its sender gives up.</summary>
    public TestNetwork ThenHang()
    {
        _instead.Enqueue(token => new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(token));
        return this;
    }

    /// <summary>Begins to answer, and goes on with nothing.</summary>
    public TestNetwork ThenHangAfterTheHead()
    {
        _instead.Enqueue(_ => Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new SilentStream()) }));
        return this;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        Sent.Add(new SentRequest(
            request.Method, request.RequestUri!, body, request.Headers.UserAgent.ToString(),
            request.Headers.Authorization?.ToString()));
        if (OnRequest is not null) await OnRequest();

        // What gives up then ends where it is cancelled, on the loop: no clock jumps while that is on its way.
        return _instead.TryDequeue(out var answer)
            ? await answer(cancellationToken).ConfigureAwait(false)
            : await base.SendAsync(request, cancellationToken);
    }

    sealed class SilentStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(new TaskCompletionSource<int>().Task.WaitAsync(cancellationToken));

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}

sealed record SentRequest(HttpMethod Method, Uri Address, string? Body, string UserAgent, string? Authorization)
{
    /// <summary>The parameters, wherever they stood.</summary>
    public string Query => Uri.UnescapeDataString((Body ?? Address.Query).Replace('+', ' '));
}
