using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Heddle.Testing;

namespace Heddle.Tests.Diagnostics;

public class EventSourceTests
{
    [Fact]
    public void Reports_are_events_too()
    {
        using var listener = new Listener();

        VirtualTime.Run(
            async () =>
            {
                LoopTask.Start(() => Coroutine.FromException(new InvalidDataException("bad header")), "event source test");
                await Coroutine.Delay(TimeSpan.FromSeconds(10));
            },
            new() { OnReport = _ => { } });

        var report = Assert.Single(listener.Events, e => (string?)e.Payload![1] == "event source test");
        Assert.Equal(nameof(LoopReportKind.UnhandledFailure), report.Payload![0]);
        Assert.Contains("bad header", (string?)report.Payload[2]);
    }

    private sealed class Listener : EventListener
    {
        public ConcurrentQueue<EventWrittenEventArgs> Events { get; } = [];

        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name == "Heddle")
            {
                EnableEvents(source, EventLevel.Warning);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs e) => Events?.Enqueue(e);
    }
}
