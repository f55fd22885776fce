namespace Heddle.NetworkStage;

/// <summary>The sockets that a process holds. Its other descriptors come and go with the runtime's own doings.</summary>
internal static class Descriptors
{
    internal static int Count
        => Directory.GetFileSystemEntries("/proc/self/fd").Count(static entry => TargetOf(entry) is ['s', 'o', 'c', 'k', 'e', 't', ':', ..]);

    private static string? TargetOf(string entry)
    {
        try
        {
            return new FileInfo(entry).LinkTarget;
        }
        catch (IOException)
        {
            // The one by which the folder itself was read.
            return null;
        }
    }
}
