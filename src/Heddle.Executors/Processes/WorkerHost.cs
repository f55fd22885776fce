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

    private WorkerHost(WorkerInvitation invitation)
    {
        _calls = BlockingFrames.Connect(invitation.Socket);
        _control = BlockingFrames.Connect(invitation.Socket);
        Greet(_calls, invitation.Secret);
        Greet(_control, invitation.Secret);
    }

    /// <summary>Does not return.</summary>
    [DoesNotReturn]
    internal static void Run(WorkerInvitation invitation)
    {
        ProcessGroups.Enter();

        // The terminal's signals are for the program, which ends its workers itself.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);

        // What this process starts is no worker.
        WorkerVariables.PutBack();
        WorkAssemblies.TrustsCaller = true;
        var host = Connect(invitation);
        var exitCode = 1;
        try
        {
            host.Serve();
            exitCode = 0;
        }
        catch (SocketException)
        {
            // The executor is gone: there is nobody to tell.
        }

        Environment.Exit(exitCode);
    }

    private static WorkerHost Connect(WorkerInvitation invitation)
    {
        try
        {
            return new(invitation);
        }
        catch (SocketException failure)
        {
            WorkerInvitation.Refuse($"its socket, {invitation.Socket}, cannot be reached: {failure.Message}");
            throw;
        }
    }

    private static void Greet(BlockingFrames executor, string secret)
    {
        var hello = new PayloadWriter();
        WorkerFrames.Begin(hello, WorkerFrame.Hello);
        hello.WriteString(secret);
        executor.Send(WorkerFrames.End(hello).Span);
    }

    private void Serve()
    {
        new Thread(Listen) { IsBackground = true, Name = "Heddle worker control" }.UnsafeStart();
        var reply = new PayloadWriter();
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

    private void Answer(ReadOnlyMemory<byte> request, PayloadWriter reply)
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
                _canceledNumber = BitConverter.ToInt32(frame.Span);
                canceling = _canceledNumber == _number && _current is { } current ? current.CancelAsync() : Task.CompletedTask;
            }

            canceling.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        }

        ProcessGroups.KillOwn();
    }
}
