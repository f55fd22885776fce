namespace Heddle;

/// <summary>What was written could not be read back, for the inner exception. Never leaves the library.</summary>
internal sealed class CannotBeMadeException(Exception innerException) : Exception(innerException.Message, innerException);
