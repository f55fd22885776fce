namespace Heddle;

/// <summary>One who is told of an end, once. It stands in a list, and can leave it at any time at no cost.</summary>
internal abstract class EndNode : ILoopItem
{
    internal EndNode? Next;
    internal EndNode? Previous;

    /// <summary>The list that it stands in.</summary>
    internal EndList? List;

    /// <summary>Called on the loop's thread when it has been taken out of the list. Must not throw.</summary>
    internal abstract void OnEnded();

    /// <summary>Stands in no list from now on.</summary>
    internal void Unlink() => List?.Remove(this);

    /// <summary>For one that is told by a turn of its own.</summary>
    public virtual void Run() => throw new System.Diagnostics.UnreachableException();

    /// <summary>What waits for a task on a loop ends with that.</summary>
    public virtual void Drop()
    {
    }
}

/// <summary>Those who are told of one end, in the order of their coming.</summary>
internal class EndList
{
    private EndNode? _first;
    private EndNode? _last;

    internal void Add(EndNode node)
    {
        node.List = this;
        node.Previous = _last;
        if (_last is null)
        {
            _first = node;
        }
        else
        {
            _last.Next = node;
        }

        _last = node;
    }

    internal void Remove(EndNode node)
    {
        if (node.Previous is { } previous)
        {
            previous.Next = node.Next;
        }
        else
        {
            _first = node.Next;
        }

        if (node.Next is { } next)
        {
            next.Previous = node.Previous;
        }
        else
        {
            _last = node.Previous;
        }

        node.Next = node.Previous = null;
        node.List = null;
    }

    /// <summary>Tells all, and has none then.</summary>
    internal void Tell()
    {
        while (_first is { } node)
        {
            Remove(node);
            node.OnEnded();
        }
    }
}
