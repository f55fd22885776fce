using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace Heddle.Silo;

/// <summary>Orleans's log, for who looks for a fault.</summary>
internal static class SiloLog
{
    internal static void Add(ISiloBuilder silo) => silo.Services.AddLogging(logging => logging
        .SetMinimumLevel(LogLevel.Information)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
}
