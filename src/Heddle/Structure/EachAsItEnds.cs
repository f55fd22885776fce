namespace Heddle;

/// <summary>Tasks in the order in which they end, over a group that lives as long as the enumeration.</summary>
/// <param name="count">How many there are.</param>
/// <param name="start">Starts one of them.</param>
/// <param name="discardIfCanceled">Disposes of all of them if the scope is cancelled.</param>
internal sealed class EachAsItEnds<TTask>(int count, Func<TaskGroup, int, TTask> start, Action discardIfCanceled) : IAsyncEnumerable<TTask>
    where TTask : LoopTask
{
    public IAsyncEnumerator<TTask> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        discardIfCanceled();
        return new Enumerator(count, start, cancellationToken);
    }

    private sealed class Enumerator : IAsyncEnumerator<TTask>
    {
        private static readonly TaskGroupOptions s_options = new() { Name = "WhenEach", KeepGoing = true };

        private readonly Queue<TTask> _ended = new();
        private readonly TaskGroup _group;
        private readonly CancellationTokenRegistration _registration;
        private CoroutineSource<bool>? _next;
        private readonly Exception? _misuse;
        private int _left;
        private bool _isDisposed;

        internal Enumerator(int count, Func<TaskGroup, int, TTask> start, CancellationToken token)
        {
            LoopTask.CurrentOrThrow().ThrowIfCanceled();
            _left = count;

            // The scope holds the tasks only; the code that enumerates never runs inside it.
            _group = new TaskGroup(Flow.Current.OpenScope(), s_options, OnEnded);
            try
            {
                for (var i = 0; i < count; i++)
                {
                    start(_group, i);
                }
            }
            catch (Exception failure)
            {
                // Thrown by the first move, so that the enumeration is disposed of, which awaits those that were started.
                _misuse = failure;
                _group.Scope.CancelCore($"not all could be started: {failure.Message}");
            }

            _registration = token.UnsafeRegister(
                static state => ((TaskGroup)state!).Loop.Submit(
                    static group => group.Scope.CancelCore("the enumeration's token was cancelled"), (TaskGroup)state!),
                _group);
        }

        public TTask Current { get; private set; } = null!;

        public ValueTask<bool> MoveNextAsync()
        {
            if (_misuse is not null)
            {
                return ValueTask.FromException<bool>(_misuse);
            }

            var runner = LoopTask.CurrentOrThrow();
            if (_left == 0 || _ended.Count > 0)
            {
                runner.ThrowIfCanceled();
                return new(MoveOn());
            }

            return WaitAsync().AsValueTask();
        }

        public ValueTask DisposeAsync() => CloseAsync().AsValueTask();

        private async Coroutine<bool> WaitAsync()
        {
            // It began a turn after it was asked, and what has ended meanwhile is not for a cancelled scope.
            LoopTask.CurrentOrThrow().ThrowIfCanceled();
            if (_ended.Count == 0)
            {
                _next = new CoroutineSource<bool>();
                await _next;
            }

            return MoveOn();
        }

        private bool MoveOn()
        {
            if (!_ended.TryDequeue(out var task))
            {
                return false;
            }

            _left--;
            Current = task;
            return true;
        }

        private async Coroutine CloseAsync()
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _registration.Unregister();
            _group.Scope.CancelCore("the enumeration was left");
            await _group.JoinAsync();
            _group.Scope.Exit();
            if (UnseenResults.AreIn(_ended))
            {
                await UnseenResults.DisposeAsync(_group.Loop, _ended);
            }

            _group.ReportUnobserved();
        }

        private void OnEnded(LoopTask task)
        {
            _ended.Enqueue((TTask)task);
            _next?.TrySetResult(true);
        }
    }
}
