namespace Heddle.LowLevel;

/// <summary>A call that a <see cref="RemoteExecutor"/> takes to a worker.</summary>
public sealed class RemoteCall
{
    private readonly TaskCompletionSource<byte[]> _end = new();
    private readonly TaskCompletionSource _runsOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();

    internal RemoteCall(WorkItem work, byte[] request)
    {
        (Work, Request) = (work, request);
        Place = new(this);
    }

    /// <summary>What the worker gives to <see cref="RemoteWork.Run"/>.</summary>
    public byte[] Request { get; }

    /// <summary>Cancelled when the function is to stop, because nobody wants its result any more.</summary>
    public CancellationToken Stop => _stop.Token;

    internal WorkItem Work { get; }

    /// <summary>Where it stands among those that wait.</summary>
    internal LinkedListNode<RemoteCall> Place { get; }

    /// <summary>How the call ends for who waits.</summary>
    internal Task<byte[]> End => _end.Task;

    /// <summary>Ends with the call, or when the worker has heard that it is to stop and says that it cannot.</summary>
    internal Task EndOrRunsOn => Task.WhenAny(_end.Task, _runsOn.Task);

    internal bool IsAbandoned { get; private set; }

    /// <summary>Says that the function was asked to stop and runs on, so that a call whose function takes no token is not waited for. Any thread.</summary>
    public void MarkRunsOn() => _runsOn.TrySetResult();

    /// <summary>Has the worker asked to stop. Callbacks of the token run on the thread pool.</summary>
    internal void AskToStop() => _ = _stop.CancelAsync();

    /// <summary>Gives up the result, whatever it will be.</summary>
    internal void Abandon()
    {
        IsAbandoned = true;
        AskToStop();
    }

    internal void Fail(Exception failure) => _end.TrySetException(failure);

    internal void Finish(Task<byte[]> reply) => _end.TrySetFromTask(reply);
}
