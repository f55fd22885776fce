namespace Heddle;

/// <summary>What descends from a process, as Linux tells it; elsewhere none. Nobody tells their ends, so they are looked for.</summary>
internal sealed class PolledTree(int root) : IDisposable
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(10);

    private readonly HashSet<(int Id, long StartTime)> _members = [];
    private readonly CancellationTokenSource _isOver = new();

    /// <summary>Takes in those that are there now.</summary>
    /// <param name="hasRootEnded">Then its number may be another's, and only what descends from the others is looked for.</param>
    internal void Find(bool hasRootEnded)
    {
        const int Nobody = -1;
        if (OperatingSystem.IsLinux())
        {
            foreach (var stat in ProcessStat.Below(hasRootEnded ? Nobody : root, hasOwnGroup: false, _members.Contains))
            {
                _members.Add(stat.Identity);
            }
        }
    }

    /// <summary>Sends to those that were found. One that is another user's is let go: nobody here can end it.</summary>
    internal void Send(int signal) => _members.RemoveWhere(
        member => IsAlive(member) && ProcessCalls.kill(member.Id, signal) != 0 && Errno.Last == ProcessCalls.EPERM);

    /// <summary>On the pool: until none of them is left, or this is disposed of.</summary>
    internal Task EndAsync()
    {
        var (members, isOver) = (_members.ToArray(), _isOver.Token);
        return Task.Run(async () =>
        {
            using var looks = new PeriodicTimer(s_betweenLooks);
            while (Array.Exists(members, IsAlive))
            {
                await looks.WaitForNextTickAsync(isOver).ConfigureAwait(false);
            }
        });
    }

    public void Dispose()
    {
        _isOver.Cancel();
        _isOver.Dispose();
    }

    private static bool IsAlive((int Id, long StartTime) member)
        => ProcessStat.Of(member.Id) is { HasEnded: false } stat && stat.Identity == member;
}
