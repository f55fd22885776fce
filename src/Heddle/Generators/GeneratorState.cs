namespace Heddle;

/// <summary>Where a generator stands. The counterpart of <c>inspect.getgeneratorstate</c>.</summary>
public enum GeneratorState
{
    /// <summary>Made, and not yet asked for anything: none of its body has run.</summary>
    Created,

    /// <summary>It waits at a yield.</summary>
    Suspended,

    /// <summary>It is being executed now, or delegates to one that is.</summary>
    Running,

    /// <summary>It has ended: by itself, with an exception, or closed.</summary>
    Closed,
}
