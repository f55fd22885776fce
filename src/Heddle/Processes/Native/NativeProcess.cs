using System.Net;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A child of this process, by its pidfd: that names it and no other, whatever becomes of its number.</summary>
/// <remarks>
/// Its end is taken from the system (reaped) as soon as it comes, so that it is never a zombie. Only while it is being stopped
/// it stays one: so long its number, which is also its group's, belongs to nobody else.
/// </remarks>
internal sealed partial class NativeProcess : ProcessTransport, IIoCompletion<int>
{
    /// <summary>A debugger lets go of what has ended as soon as it has seen that.</summary>
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly EventLoop _loop = EventLoop.Current;
    private readonly ProcessStart _start;
    private readonly IDescriptorPoller _poller;
    private readonly bool _hasOwnGroup;
    private readonly int _descriptor;
    private readonly IDisposable _watch;
    private readonly CoroutineSource<Nothing> _end = new();
    private IIoCompletion<ExitStatus>? _waiter;
    private IoResult<ExitStatus> _status = IoResult<ExitStatus>.Pending;
    private bool _isReaped;
    private bool _usesTerminal;

    private NativeProcess(ProcessStart start, int id, int descriptor, ChildStreams streams, IDescriptorPoller poller, bool hasOwnGroup, bool usesTerminal)
    {
        Id = id;
        _start = start;
        _descriptor = descriptor;
        _poller = poller;
        _hasOwnGroup = hasOwnGroup;
        _usesTerminal = usesTerminal;
        try
        {
            _watch = poller.Watch(descriptor, this);
            StandardInput = streams.TakeOwn(poller, 0, Name("standard input"));
            StandardOutput = streams.TakeOwn(poller, 1, Name("standard output"));
            StandardError = streams.TakeOwn(poller, 2, Name("error output"));
        }
        catch (SocketException failure)
        {
            _watch?.Dispose();
            StandardInput?.Dispose();
            StandardOutput?.Dispose();
            throw StartFailures.WithoutPoller(start, failure);
        }
    }

    public override int Id { get; }

    public override StreamTransport? StandardInput { get; }

    public override StreamTransport? StandardOutput { get; }

    public override StreamTransport? StandardError { get; }

    /// <summary>Takes over a process that has just been started, or ends it.</summary>
    internal static NativeProcess Of(ProcessStart start, int id, ChildStreams streams, IDescriptorPoller poller, bool hasOwnGroup, bool usesTerminal)
    {
        var descriptor = ProcessCalls.pidfd_open(id);
        if (descriptor < 0 && Errno.Last == ProcessCalls.ESRCH)
        {
            // Ended, and reaped by others: the number may be anybody's by now.
            throw StartFailures.LostAtOnce(start);
        }

        try
        {
            return descriptor >= 0
                ? new NativeProcess(start, id, descriptor, streams, poller, hasOwnGroup, usesTerminal)
                : throw StartFailures.Of(start, Errno.Last);
        }
        catch
        {
            _ = ProcessCalls.kill(id, ProcessCalls.SIGKILL);
            ProcessEnd.WaitAndForget(id);
            throw;
        }
    }

    public override IoResult<ExitStatus> WaitForExit(IIoCompletion<ExitStatus> completion)
    {
        if (_status.IsPending)
        {
            _waiter = completion;
        }

        return _status;
    }

    public override void SendSignal(int signal)
    {
        if (!_isReaped && ProcessCalls.pidfd_send_signal(_descriptor, signal) != 0 && Errno.Last is var error and not ProcessCalls.ESRCH)
        {
            throw StartFailures.OfSignal(_start, Id, signal, error);
        }
    }

    /// <summary>The poller says that the process has ended.</summary>
    void IIoCompletion<int>.Complete(IoResult<int> result) => TellEndOrLookAgain();

    public override void Dispose()
    {
        // One that could not be stopped is waited for on, and reaped by its end.
        if (!_status.IsPending)
        {
            Reap();
        }
    }

    /// <summary>The poller tells just once, and for one that is debugged too early: when its debugger is told.</summary>
    private void TellEndOrLookAgain()
    {
        if (_status.IsPending && !TryTellEnd())
        {
            _loop.BeginForeignWait();
            _ = Task.Run(PostLookAsync);
        }
    }

    /// <summary>On the pool, since a debugger knows no time but the real one.</summary>
    private async Task PostLookAsync()
    {
        using var looks = new PeriodicTimer(s_betweenLooks);
        await looks.WaitForNextTickAsync().ConfigureAwait(false);
        _loop.Submit(static process => process.LookAgain(), this);
    }

    private void LookAgain()
    {
        _loop.EndForeignWait();
        TellEndOrLookAgain();
    }

    /// <summary>False if it has not ended.</summary>
    private bool TryTellEnd()
    {
        var status = ProcessEnd.Look(_descriptor);
        if (status.IsPending)
        {
            return false;
        }

        _status = status;
        if (_usesTerminal)
        {
            _usesTerminal = false;
            TerminalLoan.End();
        }

        if (!_isStopping)
        {
            Reap();
        }

        _end.TrySetResult(default);
        _waiter?.Complete(_status);
        _waiter = null;
        return true;
    }

    /// <summary>It has ended: the system may forget it.</summary>
    private void Reap()
    {
        if (_isReaped)
        {
            return;
        }

        _isReaped = true;
        _status = ProcessEnd.Take(_descriptor);
        _watch.Dispose();
    }

    private PipeEndPoint Name(string stream) => new($"the {stream} of '{_start.File}' (process {Id})");
}
