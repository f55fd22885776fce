namespace Heddle;

/// <summary>Whatever a loop does that is no step of a task: a callback, a call from another thread, a completion, the end of a pass.</summary>
/// <remarks>Once it was handed in at the loop's door, either <see cref="Run"/> or <see cref="Drop"/> happens, once.</remarks>
internal interface ILoopItem
{
    /// <summary>The ambient context of who handed it in; null to run in the loop's own.</summary>
    ExecutionContext? Context => null;

    /// <summary>Whether it only makes a task ready, and so needs no turn of its own: it runs as it comes in.</summary>
    bool OnlyWakes => false;

    /// <summary>
    /// Its place among what the threads of .NET's HTTP handler hand in at about the same time, which a simulation goes by; negative for what has none.
    /// </summary>
    long Place => NoPlace;

    /// <summary>See <see cref="Place"/>.</summary>
    const long NoPlace = -1;

    /// <summary>On the loop's thread, while no task is current. What it throws is reported.</summary>
    void Run();

    /// <summary>Instead, when the loop has ended: whoever waits for it hears of that. Any thread.</summary>
    void Drop();
}
