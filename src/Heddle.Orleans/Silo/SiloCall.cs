using Heddle.LowLevel;

namespace Heddle.Orleans;

/// <summary>A call on a silo, from its coming until its result is fetched. Any thread.</summary>
internal sealed class SiloCall(byte[]? request, bool onlyRegistered)
{
    private readonly TaskCompletionSource<CallReply> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private byte[]? _request = request;
    private int _isTaken;
    private long _lastAsked = Environment.TickCount64;

    internal Task<CallReply> End => _end.Task;

    /// <summary>How long ago somebody asked for it.</summary>
    internal TimeSpan Silence => TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _lastAsked));

    internal void Touch() => Interlocked.Exchange(ref _lastAsked, Environment.TickCount64);

    /// <summary>On a worker's thread.</summary>
    internal void Run()
    {
        if (!TryTake())
        {
            return;
        }

        var fits = RemoteWork.TryRun(_request, QuietHost.MaxPayload, out var reply, onlyRegistered, _stop.Token);
        _request = null;
        _end.TrySetResult(fits ? new(CallState.Done, reply) : new(CallState.TooLarge));
    }

    /// <summary>Asks it to stop.</summary>
    internal void Stop()
    {
        if (!TryEnd(CallState.Dropped))
        {
            // A callback of the function's own may throw; that is the function's affair, and not of who asks.
            _stop.CancelAsync().ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        }
    }

    /// <summary>Ends it, if no worker has taken it.</summary>
    internal bool TryEnd(CallState state)
    {
        if (!TryTake())
        {
            return false;
        }

        _request = null;
        _end.TrySetResult(new(state));
        return true;
    }

    private bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;
}
