namespace Heddle;

/// <content>Waiting for the first of several tasks.</content>
public partial class LoopTask
{
    /// <summary>Waits until one of the tasks has ended, in whichever way, and returns it. The others run on.</summary>
    /// <remarks>
    /// If several have, it is the first of them in the order given. Nothing stays registered with the others,
    /// so it may be called in a loop. The counterpart of <c>asyncio.wait(FIRST_COMPLETED)</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no task.</exception>
    /// <exception cref="InvalidOperationException">No task runs on this thread, or one given runs on another loop.</exception>
    public static async Coroutine<LoopTask> WhenAny(IEnumerable<LoopTask> tasks)
    {
        LoopTask[] all = [.. tasks];
        if (all.Length == 0)
        {
            throw new ArgumentException("WhenAny needs at least one task: with none it would never end.", nameof(tasks));
        }

        var runner = LoopTask.CurrentOrThrow();
        foreach (var task in all)
        {
            task.VerifyMayBeAwaited(runner.Loop);
        }

        return await new Coroutine<LoopTask>(new FirstEnd(all));
    }

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static Coroutine<LoopTask> WhenAny(params LoopTask[] tasks) => WhenAny((IEnumerable<LoopTask>)tasks);

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static async Coroutine<LoopTask<T>> WhenAny<T>(IEnumerable<LoopTask<T>> tasks)
        => (LoopTask<T>)await WhenAny((IEnumerable<LoopTask>)tasks);

    /// <inheritdoc cref="WhenAny(IEnumerable{LoopTask})"/>
    public static Coroutine<LoopTask<T>> WhenAny<T>(params LoopTask<T>[] tasks) => WhenAny((IEnumerable<LoopTask<T>>)tasks);

    /// <summary>The wait: it stands with each of the tasks until one of them has ended, or it is broken off.</summary>
    private sealed class FirstEnd : Suspension<LoopTask>
    {
        private readonly LoopTask[] _tasks;
        private readonly Watch[] _watches;

        internal FirstEnd(LoopTask[] tasks)
        {
            _tasks = tasks;
            _watches = new Watch[tasks.Length];
            Status = FrameStatus.Cold;
        }

        internal override string Describe() => _tasks.Length == 1 ? _tasks[0].Describe() : $"the first of {_tasks.Length} tasks";

        protected override bool Begin()
        {
            if (Array.Find(_tasks, static task => task.IsCompleted) is { } ended)
            {
                Value = ended;
                return true;
            }

            for (var i = 0; i < _tasks.Length; i++)
            {
                _tasks[i].Watchers.Add(_watches[i] = new Watch(this, _tasks[i]));
            }

            return false;
        }

        protected override bool Abort()
        {
            LeaveAll();
            return true;
        }

        private void LeaveAll()
        {
            foreach (var watch in _watches)
            {
                watch.Leave();
            }
        }

        private sealed class Watch(FirstEnd wait, LoopTask task) : EndNode
        {
            internal override void OnEnded()
            {
                wait.LeaveAll();
                wait.Value = task;
                wait.Resume();
            }
        }
    }
}
