namespace Heddle;

/// <summary>Something the loop does between the steps of tasks. What it throws, it handles itself.</summary>
internal abstract class LoopAction
{
    internal abstract void Invoke();
}
