namespace Heddle;

/// <summary>A body's awaiting of what it yields from.</summary>
internal interface IDelegation
{
    /// <summary>The one whose body awaits.</summary>
    GeneratorPort Owner { get; }

    /// <summary>The inner one has ended: the frame to step next, of the body that awaits.</summary>
    Frame? OnInnerEnded(GeneratorRunner runner);

    /// <summary>Takes the inner one's frames off the stack that they stand on, so that they can be stepped alone.</summary>
    void Detach(GeneratorRunner runner);

    /// <summary>Closes the inner one, which must wait at a yield or be about to throw. Returns what that failed with, if it did.</summary>
    Exception? CloseInner(GeneratorRunner runner);

    /// <summary>The await is to throw that, next.</summary>
    void Fail(GeneratorRunner runner, Exception failure);
}
