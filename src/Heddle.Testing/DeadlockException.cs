namespace Heddle.Testing;

/// <summary>Thrown by a run in virtual time in which nothing can ever wake again.</summary>
public class DeadlockException : Exception
{
    internal DeadlockException(string waits)
        : base("No task can ever go on: none is ready, no timer is set and nothing foreign is awaited. "
            + "Something that a task waits for is never set, or two wait for each other." + waits)
    {
    }
}
