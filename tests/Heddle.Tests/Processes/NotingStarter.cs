using Heddle.LowLevel;

namespace Heddle.Tests.Processes;

/// <summary>Starts what another starts, and remembers it.</summary>
internal sealed class NotingStarter(IProcessStarter real) : IProcessStarter
{
    internal List<int> Started { get; } = [];

    public ProcessTransport Start(ProcessStart start)
    {
        var process = real.Start(start);
        Started.Add(process.Id);
        return process;
    }
}
