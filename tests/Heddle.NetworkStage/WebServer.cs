using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Heddle.NetworkStage;

/// <summary>Kestrel in a process of its own: says each request's number as often as it is asked to.</summary>
internal sealed class WebServer : IDisposable
{
    private readonly Process _process;

    internal WebServer()
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["web-server"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var addresses = _process.StandardOutput.ReadLine()!.Split(' ');
        (Http1, Http2) = (addresses[0], addresses[1]);
    }

    internal string Http1 { get; }

    internal string Http2 { get; }

    /// <summary>What is to be answered to a request.</summary>
    internal static string AnswerTo(int number, int times)
        => string.Concat(Enumerable.Repeat(string.Create(CultureInfo.InvariantCulture, $"{number};"), times));

    internal static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static one => one.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static two => two.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.MapGet("/{number:int}/{times:int}/{pause:int}", AnswerAsync);
        await app.StartAsync();
        Console.WriteLine(string.Join(' ', app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses));

        // Until who started it closes its input.
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>In two halves, with a pause of so many milliseconds between them if that is not zero.</summary>
    private static async Task AnswerAsync(HttpContext context, int number, int times, int pause)
    {
        var text = AnswerTo(number, times);
        await context.Response.WriteAsync(text[..(text.Length / 2)], context.RequestAborted);
        if (pause > 0)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            // Real: so that a cancellation may come in the middle of an answer, in another process.
            await Task.Delay(pause, context.RequestAborted);
        }

        await context.Response.WriteAsync(text[(text.Length / 2)..], context.RequestAborted);
    }
}
