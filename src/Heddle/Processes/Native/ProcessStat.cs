using System.Globalization;

namespace Heddle;

/// <summary>What Linux says of a process in <c>/proc</c>.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">Its parent's number.</param>
/// <param name="Group">Its process group's.</param>
/// <param name="HasEnded">Whether it waits only for its parent to hear of its end.</param>
/// <param name="StartTime">In ticks since the system's start: with the number, it names the process.</param>
internal readonly record struct ProcessStat(int Id, int Parent, int Group, bool HasEnded, long StartTime)
{
    internal (int Id, long StartTime) Identity => (Id, StartTime);

    /// <summary>Those that descend from a process or from a known one, or are in its group, and are not known yet.</summary>
    internal static List<ProcessStat> Below(int root, bool hasOwnGroup, Func<(int Id, long StartTime), bool> isKnown)
    {
        var all = All();
        var tree = new HashSet<int> { root };
        int count;
        do
        {
            count = tree.Count;
            tree.UnionWith(all
                .Where(stat => tree.Contains(stat.Parent) || (hasOwnGroup && stat.Group == root) || isKnown(stat.Identity))
                .Select(static stat => stat.Id)
                .ToList());
        }
        while (tree.Count > count);

        return all.FindAll(stat => !stat.HasEnded && stat.Id != root && tree.Contains(stat.Id) && !isKnown(stat.Identity));
    }

    private static List<ProcessStat> All()
    {
        var all = new List<ProcessStat>();
        try
        {
            foreach (var directory in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Of(id) is { } stat)
                {
                    all.Add(stat);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // No /proc, or no descriptor to read it by: then there are the process and its group, and no more.
        }

        return all;
    }

    /// <summary>Null if there is no such process, or it is hidden.</summary>
    internal static ProcessStat? Of(int id)
    {
        try
        {
            return Parse(id, File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat")));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The name, in brackets, may hold anything; the fields behind it are numbered as in proc(5).</summary>
    private static ProcessStat? Parse(int id, string text)
    {
        const int State = 3;
        const int ParentField = 4;
        const int GroupField = 5;
        const int StartField = 22;
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StartField - State)
        {
            return null;
        }

        return new ProcessStat(
            id,
            int.Parse(fields[ParentField - State], CultureInfo.InvariantCulture),
            int.Parse(fields[GroupField - State], CultureInfo.InvariantCulture),
            fields[0] is "Z" or "X",
            long.Parse(fields[StartField - State], CultureInfo.InvariantCulture));
    }
}
