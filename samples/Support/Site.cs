using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Heddle.Samples;

/// <summary>A real web site for the samples to ask, on a free port of this machine.</summary>
public sealed class Site : IDisposable
{
    private readonly WebApplication _app;

    private Site(WebApplication app) => _app = app;

    /// <summary>Ends in a slash.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts a site that answers what <paramref name="map"/> maps.</summary>
    public static Site Start(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        app.Start();
        return new Site(app);
    }

    public void Dispose() => _app.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
