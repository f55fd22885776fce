namespace Heddle;

/// <summary>An <see cref="AsyncReaderWriterLock"/> at one moment.</summary>
/// <param name="Readers">How many have it for reading.</param>
/// <param name="Writer">The name of the task that has it for writing.</param>
/// <param name="WaitingReaders">How many tasks wait to read.</param>
/// <param name="WaitingWriters">How many tasks wait to write.</param>
public readonly record struct ReaderWriterLockStatistics(int Readers, string? Writer, int WaitingReaders, int WaitingWriters);
