namespace Heddle;

/// <summary>What descends from a process, as Linux tells it; elsewhere none. Nobody tells their ends, so they are looked for.</summary>
internal sealed class PolledTree(int root) : IDisposable
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(10);

    private readonly HashSet<(int Id, long StartTime)> _members = [];

    /// <summary>Other users': nobody here can end them.</summary>
    private readonly HashSet<(int Id, long StartTime)> _letGo = [];

    private readonly CancellationTokenSource _isOver = new();

    /// <summary>Takes in those that are there now. False if there are none that were not known.</summary>
    /// <param name="hasRootEnded">Whether it has ended by the end of the look: then its number may be another's, and only what descends from the others counts.</param>
    internal async Coroutine<bool> FindAsync(Func<bool> hasRootEnded)
    {
        const int Nobody = -1;
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        var found = (await ProcessLooks.LookAsync()).Below(hasRootEnded() ? Nobody : root, hasOwnGroup: false, _members);
        _members.UnionWith(found.Select(static stat => stat.Identity));
        return found.Count > 0;
    }

    /// <summary>Sends to those that were found.</summary>
    internal void Send(int signal) => _letGo.UnionWith(_members.Where(
        member => IsAlive(member) && ProcessCalls.kill(member.Id, signal) != 0 && Errno.Last == ProcessCalls.EPERM).ToArray());

    /// <summary>On the pool: until none of them is left, or this is disposed of.</summary>
    internal Task EndAsync()
    {
        var (members, isOver) = (_members.Except(_letGo).ToArray(), _isOver.Token);
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
