namespace Heddle;

/// <summary>Thrown into the body of a generator, at the yield where it waits, to close it. The counterpart of <c>GeneratorExit</c>.</summary>
/// <remarks>
/// Let it pass, and clean up in <c>finally</c>. A <c>catch (Exception)</c> catches it too: a body that yields after that
/// ignores the close, and closing it throws.
/// </remarks>
public sealed class GeneratorExitException : Exception
{
    /// <summary>For <c>Throw</c>; closing makes its own.</summary>
    public GeneratorExitException()
        : base("The generator is being closed.")
    {
    }

    /// <summary>With that message.</summary>
    public GeneratorExitException(string? message)
        : base(message)
    {
    }

    /// <summary>With that message and cause.</summary>
    public GeneratorExitException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
