namespace Heddle;

/// <summary>A process could not be started or ended, or did not end as it should have.</summary>
/// <remarks>The message names the program, the cause and what to do.</remarks>
public class SubprocessException : Exception
{
    /// <param name="message">What happened, the likely cause, the remedy.</param>
    /// <param name="fileName">The program.</param>
    /// <param name="innerException">What it comes from.</param>
    public SubprocessException(string message, string fileName, Exception? innerException = null)
        : base(message, innerException) => FileName = fileName;

    internal SubprocessException(string message, string fileName, int errorCode, Exception? innerException = null)
        : this(message, fileName, innerException) => ErrorCode = errorCode;

    /// <summary>The program, as it was to be started.</summary>
    public string FileName { get; }

    /// <summary>The system's number for the cause; zero if it has none.</summary>
    public int ErrorCode { get; init; }

    /// <summary>How the process ended; null unless this is about its end.</summary>
    public ExitStatus? Status { get; init; }
}
