namespace Heddle;

/// <summary>The value where there is none: what a coroutine without a result returns, what is sent to a generator that takes nothing.</summary>
public readonly struct Nothing
{
    /// <summary>The word.</summary>
    public override string ToString() => "nothing";
}
