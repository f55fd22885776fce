namespace Heddle;

/// <summary>Stands for an exception thrown on a worker whose type could not be made again here.</summary>
/// <remarks>An exception is made again, with its type, message, inner exceptions and the worker's stack, if its type has a constructor
/// that takes a message, and an inner exception or not, and if it then says the same; in a trimmed program, if it is one of .NET's common ones
/// or was given to <c>WorkRegistry.AddException</c>.</remarks>
public class RemoteException : Exception
{
    /// <summary>Stands for an exception of that type.</summary>
    /// <param name="remoteType">The full name of its type.</param>
    /// <param name="remoteMessage">What it said.</param>
    /// <param name="innerException">What was in it.</param>
    public RemoteException(string remoteType, string remoteMessage, Exception? innerException = null)
        : base($"{remoteType}: {remoteMessage}", innerException)
    {
        RemoteType = remoteType;
        RemoteMessage = remoteMessage;
    }

    /// <summary>The full name of the type that was thrown.</summary>
    public string RemoteType { get; }

    /// <summary>What it said.</summary>
    public string RemoteMessage { get; }
}
