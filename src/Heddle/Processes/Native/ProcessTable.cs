using System.Globalization;

namespace Heddle;

/// <summary>All processes of the machine at one moment, as Linux tells them.</summary>
internal sealed class ProcessTable
{
    private readonly Dictionary<int, ProcessStat> _byId = [];
    private readonly ILookup<int, ProcessStat> _byParent;
    private readonly ILookup<int, ProcessStat> _byGroup;

    private ProcessTable(List<ProcessStat> all)
    {
        foreach (var stat in all)
        {
            _byId[stat.Id] = stat;
        }

        _byParent = all.ToLookup(static stat => stat.Parent);
        _byGroup = all.ToLookup(static stat => stat.Group);
    }

    /// <summary>Takes tens of microseconds a process. Any thread.</summary>
    internal static ProcessTable Read()
    {
        var all = new List<ProcessStat>();
        try
        {
            foreach (var directory in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ProcessStat.Of(id) is { } stat)
                {
                    all.Add(stat);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // No /proc, or no descriptor to read it by: then there are the process and its group, and no more.
        }

        return new ProcessTable(all);
    }

    /// <summary>Those that descend from a process or from a known one, or are in its group, and are not known yet.</summary>
    internal List<ProcessStat> Below(int root, bool hasOwnGroup, IReadOnlyCollection<(int Id, long StartTime)> known)
    {
        var found = new List<ProcessStat>();
        var seen = new HashSet<int> { root };
        var parents = new Queue<int>(seen);
        if (hasOwnGroup)
        {
            TakeAll(_byGroup[root]);
        }

        TakeAll(known.Select(identity => _byId.GetValueOrDefault(identity.Id)).Where(stat => known.Contains(stat.Identity)));
        while (parents.TryDequeue(out var parent))
        {
            TakeAll(_byParent[parent]);
        }

        return found;

        void TakeAll(IEnumerable<ProcessStat> stats)
        {
            foreach (var stat in stats)
            {
                if (seen.Add(stat.Id))
                {
                    parents.Enqueue(stat.Id);
                    if (!stat.HasEnded && !known.Contains(stat.Identity))
                    {
                        found.Add(stat);
                    }
                }
            }
        }
    }
}
