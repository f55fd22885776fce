using System.Diagnostics;
using System.Globalization;

namespace Heddle.OrleansStage;

/// <summary>Signals to other processes, which .NET has no method for.</summary>
internal static class Signals
{
    internal static void Send(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
