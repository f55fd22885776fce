using Heddle.LowLevel;

namespace Heddle.Tests.Executors;

/// <summary>The least that an executor over a wire can be: its workers are threads of this process, and get bytes.</summary>
internal sealed class LoopbackExecutor(int workers, int queueLimit, TimeSpan stopGrace)
    : RemoteExecutor("loopback", workers, queueLimit, stopGrace)
{
    internal Exception? OpeningFailure { get; set; }

    /// <summary>How many workers it finds. Default: as many as it may have.</summary>
    internal int? Found { get; set; }

    internal bool IsOpen { get; private set; }

    protected override Task OpenAsync(CancellationToken cancellationToken)
    {
        if (OpeningFailure is not null)
        {
            throw OpeningFailure;
        }

        IsOpen = true;
        SetWorkers(Found ?? MaxConcurrency);
        return Task.CompletedTask;
    }

    internal void Find(int workers) => SetWorkers(workers);

    protected override async Task<byte[]> SendAsync(RemoteCall call)
    {
        var running = Task.Factory.StartNew(
            () => RemoteWork.Run(call.Request, call.Stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await using var stopping = call.Stop.Register(async () =>
        {
            // A real wait: what is about to end is not said to run on.
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(50)));
            if (!running.IsCompleted)
            {
                call.MarkRunsOn();
            }
        });
        return await running;
    }

    protected override Task CloseAsync()
    {
        IsOpen = false;
        return Task.CompletedTask;
    }
}
