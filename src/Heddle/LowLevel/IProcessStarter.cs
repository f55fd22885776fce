namespace Heddle.LowLevel;

/// <summary>Starts a loop's child processes. Implement it to have none in tests.</summary>
public interface IProcessStarter
{
    /// <summary>Starts a process. On the thread of the loop that it is to belong to.</summary>
    /// <exception cref="SubprocessException">There is no such program, it is not executable, or the system has no room for it.</exception>
    ProcessTransport Start(ProcessStart start);
}
