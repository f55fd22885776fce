using Heddle.LowLevel;

namespace Heddle.Tests;

/// <summary>First in, first out; before the item with the given number takes its turn it strikes.</summary>
internal sealed class StrikingQueue(int step) : IReadyQueue
{
    private readonly Queue<ReadyItem> _items = new();
    private Action? _strike;

    public int Count => _items.Count;

    /// <summary>Turns taken while it was armed.</summary>
    internal int Steps { get; private set; }

    public void Enqueue(ReadyItem item) => _items.Enqueue(item);

    public ReadyItem Dequeue()
    {
        var item = _items.Dequeue();
        if (_strike is not null && ++Steps == step)
        {
            _strike();
        }

        return item;
    }

    internal void Arm(Action strike) => _strike = strike;

    internal void Disarm() => _strike = null;
}
