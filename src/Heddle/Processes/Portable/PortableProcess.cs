using System.Diagnostics;
using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A process of .NET's, whose pipes are pumped by threads of the pool.</summary>
internal sealed partial class PortableProcess : ProcessTransport
{
    private readonly EventLoop _loop;
    private readonly ProcessStart _start;
    private readonly Process _process;
    private readonly List<OutputPump> _pumps = [];
    private readonly List<Stream> _files = [];
    private readonly PortableOutput? _output;
    private readonly PortableOutput? _error;
    private readonly CoroutineSource<Nothing> _end = new();
    private IIoCompletion<ExitStatus>? _waiter;
    private IoResult<ExitStatus> _status = IoResult<ExitStatus>.Pending;

    internal PortableProcess(EventLoop loop, ProcessStart start, Process process, PortableFiles files)
    {
        _loop = loop;
        _start = start;
        _process = process;
        Id = process.Id;
        StandardInput = ConnectInput(files);
        _output = start.StandardOutput.Kind == ProcessStreamKind.Pipe ? new PortableOutput(loop, Name("standard output")) : null;
        _error = start.StandardError.Kind == ProcessStreamKind.Pipe ? new PortableOutput(loop, Name("error output")) : null;
        ConnectOutputs(files);
        loop.BeginForeignWait();
        _ = Task.Run(WatchAsync);
    }

    public override int Id { get; }

    public override StreamTransport? StandardInput { get; }

    public override StreamTransport? StandardOutput => _output;

    public override StreamTransport? StandardError => _error;

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
        if (!_status.IsPending || _process.HasExited)
        {
            return;
        }

        if (signal == Signals.Kill)
        {
            KillAlone();
        }
        else if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException(
                $"Windows has no signals that could be sent to '{_start.File}' (process {Id}). Close its input, or kill it.");
        }
        else if (ProcessCalls.kill(Id, signal) != 0 && Errno.Last is var error and not ProcessCalls.ESRCH)
        {
            throw StartFailures.OfSignal(_start, Id, signal, error);
        }
    }

    public override void Dispose()
    {
        if (_status.IsPending)
        {
            // It could not be stopped, and is still waited for.
            return;
        }

        _pumps.ForEach(static pump => pump.Close());
        _files.ForEach(static file => file.Dispose());
        _process.Dispose();
    }

    private PipeEndPoint Name(string stream) => new($"the {stream} of '{_start.File}' (process {Id})");

    /// <summary>On the pool: until it has ended, and what it has written is here.</summary>
    private async Task WatchAsync()
    {
        IoResult<ExitStatus> status;
        try
        {
            await _process.WaitForExitAsync().ConfigureAwait(false);
            await SettleAsync().ConfigureAwait(false);
            status = new(new ExitStatus(_process.ExitCode));
        }
        catch (InvalidOperationException)
        {
            status = new(SocketError.SocketError);
        }

        _loop.Submit(static ended => ended.Process.OnEnded(ended.Status), (Process: this, Status: status));
    }

    private void OnEnded(IoResult<ExitStatus> status)
    {
        _loop.EndForeignWait();
        _status = status;
        _end.TrySetResult(default);
        _waiter?.Complete(status);
        _waiter = null;
    }
}
