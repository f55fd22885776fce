using Heddle.LowLevel;

namespace Heddle.Tests;

/// <summary>First in, first out; before the task with the given number takes its turn it strikes.</summary>
internal sealed class StrikingQueue(int step) : IReadyQueue
{
    private readonly Queue<LoopTask> _tasks = new();
    private Action? _strike;

    /// <summary>Turns taken while it was armed.</summary>
    internal int Steps { get; private set; }

    public void Enqueue(LoopTask task) => _tasks.Enqueue(task);

    public LoopTask Dequeue()
    {
        var task = _tasks.Dequeue();
        if (_strike is not null && ++Steps == step)
        {
            _strike();
        }

        return task;
    }

    internal void Arm(Action strike) => _strike = strike;

    internal void Disarm() => _strike = null;
}
