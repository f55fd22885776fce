using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Starts a worker: the process, its two connections, its initializer.</summary>
internal sealed class WorkerStart(ProcessExecutorOptions options, ExecutorCalls calls, Action<WorkerProcess> exited)
{
    private readonly CoroutineSource<int> _exit = new();
    private Process? _process;
    private WorkerProcess? _worker;
    private CancelScope? _starting;
    private string _command = "";

    /// <exception cref="WorkerStartException">It did not come up.</exception>
    internal async Coroutine<WorkerProcess> RunAsync()
    {
        var folder = MakeFolder();
        var isUp = false;
        try
        {
            var worker = await CancelScope.MoveOnAfterAsync(options.StartTimeout, scope =>
            {
                _starting = scope;
                return BringUpAsync(Path.Combine(folder, "s"));
            });
            isUp = worker.IsSuccess;
            return isUp ? worker.Value
                : throw (_exit.IsCompleted
                    ? WorkerStartException.Ended(options.Name, _command, await _exit)
                    : WorkerStartException.TooLate(options.Name, _command, options.StartTimeout));
        }
        finally
        {
            _starting = null;
            Directory.Delete(folder, recursive: true);
            if (!isUp && _process is not null)
            {
                _worker?.Kill();
                ProcessGroups.Kill(_process);
            }
        }
    }

    private async Coroutine<WorkerProcess> BringUpAsync(string socket)
    {
        using var listener = Listen(socket);
        var invitation = WorkerInvitation.To(socket);
        var command = WorkerCommand.Make(invitation, options);
        _command = string.Join(' ', [command.FileName, .. command.ArgumentList]);

        // It takes a few milliseconds, which the loop shall not be without; and a process that was made must be known. On a thread of its own: on those
        // that others use, too, a start could wait for functions that wait for it.
        var starting = Task.Factory.StartNew(() => Start(command), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await CancelScope.ShieldAsync(async () => await starting.OrCanceled());
        var requests = await listener.AcceptAsync();
        var control = await listener.AcceptAsync();
        _worker = new(_process!, requests, control, _exit, options.Name);
        try
        {
            if (!await _worker.GreetAsync(invitation.Secret))
            {
                throw WorkerStartException.Stranger(options.Name);
            }

            await InitializeAsync(_worker);
            _worker.MarkReady();
            return _worker;
        }
        catch (Exception failure) when (failure is EndOfStreamException or ConnectionException)
        {
            // Its end, which is close, says more, and cancels this.
            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
            throw;
        }
    }

    /// <summary>Only this user can get at what is in it. Not where TMPDIR points to, if that is too far or not there.</summary>
    private string MakeFolder()
    {
        const int MostBytes = 107;
        const string Standard = "/tmp";
        var name = $"heddle-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        Exception? problem = null;
        foreach (var place in OperatingSystem.IsWindows() ? [Path.GetTempPath()] : new[] { Path.GetTempPath(), Standard })
        {
            var folder = Path.Combine(place, name);
            if (Directory.Exists(place) && (place == Standard || Encoding.UTF8.GetByteCount(folder) + "/s".Length <= MostBytes))
            {
                try
                {
                    return OperatingSystem.IsWindows()
                        ? Directory.CreateDirectory(folder).FullName
                        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
                }
                catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
                {
                    problem = failure;
                }
            }
        }

        throw WorkerStartException.NoSocket(options.Name, Path.GetTempPath(), problem ?? new DirectoryNotFoundException("There is no such folder."));
    }

    private ListenTransport Listen(string socket)
    {
        try
        {
            return EventLoop.Current.Network.Listen(new UnixDomainSocketEndPoint(socket), new ListenSettings());
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException)
        {
            throw WorkerStartException.NoSocket(options.Name, socket, failure);
        }
    }

    private async Coroutine InitializeAsync(WorkerProcess worker)
    {
        if (options.Initializer is not { } initializer)
        {
            return;
        }

        if (await InitializeAsync(worker, initializer) is { } failure)
        {
            throw WorkerStartException.Initializer(options.Name, initializer, failure);
        }
    }

    /// <returns>How it has failed, if it has. It may fail with anything, so that is not thrown where it would be taken for the worker's end.</returns>
    private static async Coroutine<Exception?> InitializeAsync(WorkerProcess worker, WorkItem initializer)
    {
        var frame = new PayloadWriter();
        try
        {
            WorkerFrames.Begin(frame, WorkerFrame.Call);
            RemoteWork.WriteRequest(frame, initializer);
        }
        catch (NotPortableException failure)
        {
            return failure;
        }

        await worker.SendAsync(WorkerFrames.End(frame));
        return RemoteWork.FailureIn(await worker.ReceiveAsync(), worker.ToString());
    }

    /// <summary>On another thread.</summary>
    private void Start(ProcessStartInfo command)
    {
        var process = new Process { StartInfo = command, EnableRaisingEvents = true };
        process.Exited += (_, _) =>
        {
            var exitCode = process.ExitCode;
            calls.OnLoop(() => OnExited(exitCode));
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw WorkerStartException.NotStarted(options.Name, _command, failure);
        }

        _process = process;
        process.StandardInput.Close();
    }

    private void OnExited(int exitCode)
    {
        _exit.TrySetResult(exitCode);
        _starting?.Cancel("the worker's process has ended");
        if (_worker is not null)
        {
            _worker.OnExited();
            exited(_worker);
        }
    }
}
