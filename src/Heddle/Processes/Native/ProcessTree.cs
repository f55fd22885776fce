using Heddle.LowLevel;

namespace Heddle;

/// <summary>A process, its group, and all that descends from it, held by their pidfds so that no signal goes astray.</summary>
/// <remarks>
/// What has left the group is found by its parent. One whose parent had ended before it was first looked for, and which is in
/// another group, has got away: that is how a daemon is made.
/// </remarks>
internal sealed class ProcessTree : IDisposable
{
    /// <summary>What forks faster than it is killed must end some time.</summary>
    private const int MostRounds = 20;

    private readonly IDescriptorPoller _poller;
    private readonly int _root;
    private readonly int _rootDescriptor;
    private readonly bool _hasOwnGroup;
    private readonly Dictionary<(int Id, long StartTime), Member> _others = [];

    /// <param name="poller">Waits for their ends.</param>
    /// <param name="root">Not reaped while this is in use.</param>
    /// <param name="rootDescriptor">Its pidfd.</param>
    /// <param name="hasOwnGroup">Whether its group is its own.</param>
    internal ProcessTree(IDescriptorPoller poller, int root, int rootDescriptor, bool hasOwnGroup)
    {
        _poller = poller;
        _root = root;
        _rootDescriptor = rootDescriptor;
        _hasOwnGroup = hasOwnGroup;
    }

    /// <summary>Asks all to end. What is stopped goes on, or it would not hear of it.</summary>
    internal async Coroutine TerminateAsync()
    {
        await FindAsync();
        Send(ProcessCalls.SIGTERM);
        Send(ProcessCalls.SIGCONT);
    }

    /// <summary>Kills all, those too that they start meanwhile; false if the system does not allow it.</summary>
    internal async Coroutine<bool> KillAsync()
    {
        var isAllowed = Send(ProcessCalls.SIGKILL);
        for (var round = 0; round < MostRounds && await FindAsync(); round++)
        {
            Send(ProcessCalls.SIGKILL);
        }

        return isAllowed;
    }

    /// <summary>Ends when all but the root have ended that this program may end.</summary>
    internal async Coroutine EndOfOthersAsync()
    {
        foreach (var member in _others.Values.ToArray())
        {
            await member.EndAsync();
        }
    }

    public void Dispose()
    {
        foreach (var member in _others.Values)
        {
            member.Dispose();
        }
    }

    /// <summary>Takes in those that were not known. False if there are none.</summary>
    private async Coroutine<bool> FindAsync()
    {
        var hasFound = false;
        foreach (var stat in (await ProcessLooks.LookAsync()).Below(_root, _hasOwnGroup, _others.Keys))
        {
            if (Member.TryOpen(_poller, stat) is { } member)
            {
                _others.Add(stat.Identity, member);
                hasFound = true;
            }
        }

        return hasFound;
    }

    private bool Send(int signal)
    {
        // At one blow, so that none is missed that is being forked.
        if (_hasOwnGroup)
        {
            _ = ProcessCalls.kill(-_root, signal);
        }

        foreach (var ((id, _), member) in _others)
        {
            member.Send(StillFor(id, signal));
        }

        return ProcessCalls.pidfd_send_signal(_rootDescriptor, StillFor(_root, signal)) == 0 || Errno.Last != ProcessCalls.EPERM;
    }

    /// <summary>
    /// Who is in the group has the signal already, and is only asked whether it may be signalled: to be asked to end a second time
    /// means to many a program to end without cleaning up, as it does to this one. To be killed twice does no harm.
    /// </summary>
    private int StillFor(int id, int signal)
    {
        const int OnlyAsk = 0;
        return _hasOwnGroup && signal != ProcessCalls.SIGKILL && ProcessCalls.getpgid(id) == _root ? OnlyAsk : signal;
    }

    private sealed class Member : IDisposable, IIoCompletion<int>
    {
        private readonly CoroutineSource<Nothing> _end = new();
        private readonly int _descriptor;
        private IDisposable _watch = null!;

        private Member(int descriptor) => _descriptor = descriptor;

        /// <summary>Null if it has ended meanwhile, or no descriptor is left.</summary>
        internal static Member? TryOpen(IDescriptorPoller poller, ProcessStat stat)
        {
            var descriptor = ProcessCalls.pidfd_open(stat.Id);
            if (descriptor < 0)
            {
                return null;
            }

            var member = new Member(descriptor);
            try
            {
                member._watch = poller.Watch(descriptor, member);
            }
            catch (System.Net.Sockets.SocketException)
            {
                return null;
            }

            // The number may have become another's before it was opened.
            if (ProcessStat.Of(stat.Id)?.StartTime == stat.StartTime)
            {
                return member;
            }

            member.Dispose();
            return null;
        }

        internal void Send(int signal)
        {
            if (ProcessCalls.pidfd_send_signal(_descriptor, signal) != 0)
            {
                // It has ended, or is another user's, for whose end nobody here can wait.
                _end.TrySetResult(default);
            }
        }

        internal async Coroutine EndAsync() => await _end;

        public void Complete(IoResult<int> result) => _end.TrySetResult(default);

        /// <summary>An orphan is left to process 1, or to whoever has offered itself (a subreaper): if that is this program, nobody else has the system forget it.</summary>
        public void Dispose()
        {
            _ = ProcessEnd.Take(_descriptor);
            _watch.Dispose();
        }
    }
}
