namespace Heddle.TestSupport;

/// <summary>What Linux says in <c>/proc</c> of processes that need not be this program's children.</summary>
internal static class ProcessTable
{
    /// <summary>Skips the test where there is none.</summary>
    public static void Require() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Asks Linux's /proc.");

    /// <summary>
    /// Whether a process with the number is there and has not ended. One that has is a zombie, <c>Z</c>, until its parent hears of it, and
    /// dead, <c>X</c>, for the moment in which the system forgets it.
    /// </summary>
    public static bool IsRunning(int id)
    {
        Require();
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
