namespace Heddle.Testing;

/// <summary>Thrown by a strict run in virtual time when only something foreign can go on.</summary>
public class ForeignWaitException : Exception
{
    internal ForeignWaitException(string waits)
        : base("A foreign await is outstanding, so virtual time cannot go on without depending on real time. "
            + "Replace what is foreign by something on the loop, or turn strict mode off." + waits)
    {
    }
}
