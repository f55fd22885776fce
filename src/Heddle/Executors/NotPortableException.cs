namespace Heddle;

/// <summary>Thrown for a function, an argument or a result that cannot be sent to another process or machine.</summary>
public class NotPortableException : InvalidOperationException
{
    /// <summary>An error with these words.</summary>
    public NotPortableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
