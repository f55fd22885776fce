using System.Net;
using System.Security.Cryptography.X509Certificates;
using Heddle.Tests.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Heddle.Tests.Http;

/// <summary>A real web server, Kestrel, on 127.0.0.1: what a user's client would talk to.</summary>
public sealed class WebServer : IAsyncLifetime
{
    private WebApplication? _app;

    internal string Address { get; private set; } = "";

    /// <summary>The same with TLS, and a certificate that nobody trusts.</summary>
    internal string SecureAddress { get; private set; } = "";

    internal X509Certificate2 Certificate { get; } = Certificates.SelfSigned("127.0.0.1");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, secure => secure.UseHttps(Certificate));
        });
        builder.Services.AddResponseCompression(options => options.Providers.Add<GzipCompressionProvider>());
        _app = builder.Build();
        _app.UseResponseCompression();
        Map(_app);
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = addresses.Single(address => address.StartsWith("http:", StringComparison.Ordinal)) + "/";
        SecureAddress = addresses.Single(address => address.StartsWith("https:", StringComparison.Ordinal)) + "/";
    }

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    /// <summary>What <c>/stream</c> sends again and again: 64 KiB, each byte another than the one before.</summary>
    internal static byte[] Piece { get; } = [.. Enumerable.Range(0, 64 * 1024).Select(i => (byte)i)];

    private static void Map(WebApplication app)
    {
        app.Map("/echo", EchoAsync);
        app.Map("/api/v1/echo", EchoAsync);
        app.MapGet("/hello", () => "hello");
        app.MapGet("/connection", (HttpContext context) => context.Connection.Id);
        app.MapPost("/mirror", async (HttpRequest request, HttpResponse response) =>
        {
            response.ContentLength = request.ContentLength;
            await request.Body.CopyToAsync(response.Body);
        });
        app.MapGet("/stream/{count:int}", StreamAsync);
        app.MapGet("/point", () => new Point(3, 4));
        app.MapPost("/swap", (Point point) => new Point(point.Y, point.X));
        app.MapPost("/form", async (HttpRequest request) =>
            string.Join(';', (await request.ReadFormAsync()).Select(field => $"{field.Key}={string.Join(',', field.Value.ToArray())}")));
        app.MapPost("/upload", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            var file = form.Files.Single();
            using var reader = new StreamReader(file.OpenReadStream());
            var text = await reader.ReadToEndAsync();
            return $"{form["note"]}|{file.Name}|{file.FileName}|{file.ContentType}|{text.Length}|{text[..5]}";
        });
        app.Map("/status/{code:int}", (int code) => Results.Text($"status {code}", statusCode: code));
        app.MapGet("/busy", (HttpResponse response) =>
        {
            response.Headers.RetryAfter = "7";
            response.StatusCode = 503;
        });
        app.MapGet("/set-cookie", (HttpResponse response) => response.Cookies.Append("taste", "salty"));
        app.MapGet("/cookies", (HttpRequest request) => string.Join(';', request.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        app.MapGet("/redirect/{left:int}", (int left) => Results.Redirect(left > 1 ? $"/redirect/{left - 1}" : "/hello"));
        app.MapGet("/loop", () => Results.Redirect("/loop"));
        app.MapPost("/moved-upload", () => Results.Redirect("/upload", preserveMethod: true));
        app.MapPost("/moved", () => Results.Redirect("/echo", preserveMethod: true));
        app.MapGet("/latin", () => Results.Bytes([0x63, 0x61, 0x66, 0xe9], "text/plain; charset=iso-8859-1"));
        app.MapGet("/klingon", () => Results.Bytes([1, 2, 3], "text/plain; charset=x-klingon"));
        app.MapGet("/page", () => Results.Text("<html>Sign in</html>", "text/html"));
        app.MapGet("/big", () => Results.Text(new string('a', 300_000), "text/plain"));
        app.MapMethods("/bytes/{count:int}", ["GET", "HEAD"], (int count) => Results.Bytes(Enumerable.Range(0, count).Select(i => (byte)i).ToArray()));
    }

    /// <summary>So many pieces, in chunks.</summary>
    private static async Task StreamAsync(HttpResponse response, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await response.BodyWriter.WriteAsync(Piece);
        }
    }

    private static async Task<string> EchoAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        return $"{request.Method} {request.Path}{request.QueryString} "
            + $"[{request.ContentType}] [{request.Headers.UserAgent}] [{request.Headers["X-Test"]}] {await reader.ReadToEndAsync()}";
    }
}

/// <summary>What travels as JSON.</summary>
public sealed record Point(int X, int Y);
