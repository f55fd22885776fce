using System.Diagnostics.Tracing;

namespace Heddle;

/// <summary>Every report as an event, for <c>dotnet-trace</c> and the like, whether or not a handler is set.</summary>
[EventSource(Name = "Heddle")]
internal sealed class HeddleEvents : EventSource
{
    private HeddleEvents()
    {
    }

    internal static HeddleEvents Log { get; } = new();

    [Event(1, Level = EventLevel.Warning, Message = "{2}")]
    public void Report(string kind, string task, string message) => WriteEvent(1, kind, task, message);
}
