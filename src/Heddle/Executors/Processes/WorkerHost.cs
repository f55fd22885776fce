using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>The worker's side: runs one call after the other until the executor says stop, or is gone.</summary>
internal sealed class WorkerHost
{
    private readonly BlockingFrames _calls;
    private readonly BlockingFrames _control;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _current;
    private int _number;
    private int _canceledNumber;

    private WorkerHost(string socket)
    {
        _calls = BlockingFrames.Connect(socket);
        _control = BlockingFrames.Connect(socket);
    }

    /// <summary>Does not return.</summary>
    [DoesNotReturn]
    internal static void Run(string socket)
    {
        WorkerCommand.IsWorker = true;
        ProcessGroups.Enter();

        // The terminal's signals are for the program, which ends its workers itself.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);

        // What this process starts is no worker.
        WorkerVariables.PutBack();
        WorkAssemblies.TrustsCaller = true;
        var exitCode = 1;
        try
        {
            new WorkerHost(socket).Serve();
            exitCode = 0;
        }
        catch (SocketException failure)
        {
            // Where the executor is gone there is nobody to tell.
            if (File.Exists(socket))
            {
                Console.Error.WriteLine($"heddle: a worker cannot reach its executor at {socket}: {failure.Message}");
            }
        }

        Environment.Exit(exitCode);
    }

    private void Serve()
    {
        new Thread(Listen) { IsBackground = true, Name = "Heddle worker control" }.UnsafeStart();
        var reply = new PayloadWriter();
        WorkerFrames.Begin(reply, WorkerFrame.Hello);
        reply.WriteInt32(Environment.ProcessId);
        _calls.Send(WorkerFrames.End(reply).Span);
        while (true)
        {
            if (!_calls.TryRead(out var kind, out var request))
            {
                ProcessGroups.KillOwn();
            }

            if (kind == WorkerFrame.Stop)
            {
                return;
            }

            WorkerFrames.Begin(reply, WorkerFrame.Reply);
            Answer(request, reply);
            _calls.Send(WorkerFrames.End(reply).Span);
        }
    }

    private void Answer(ReadOnlySpan<byte> request, PayloadWriter reply)
    {
        using var source = new CancellationTokenSource();
        lock (_gate)
        {
            _number++;
            _current = source;
            if (_number == _canceledNumber)
            {
                // That it is cancelled came by the other connection, and was faster. Nobody listens to the token yet.
                source.Cancel();
            }
        }

        try
        {
            RemoteWork.Answer(request, reply, source.Token);
        }
        finally
        {
            lock (_gate)
            {
                _current = null;
            }
        }
    }

    /// <summary>On a thread of its own, so that a busy worker hears a cancellation, and the end of its executor.</summary>
    private void Listen()
    {
        while (_control.TryRead(out _, out var frame))
        {
            Task canceling;
            lock (_gate)
            {
                _canceledNumber = BitConverter.ToInt32(frame);
                canceling = _canceledNumber == _number && _current is { } current ? current.CancelAsync() : Task.CompletedTask;
            }

            canceling.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        }

        ProcessGroups.KillOwn();
    }
}
