using System.Runtime.InteropServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>Its end: waiting for it, asking for it, and what is left to do then.</content>
public sealed partial class Subprocess
{
    private readonly CoroutineSource<Nothing> _closed = new();
    private Held _held = null!;
    private CoroutineSource<Nothing>? _stop;
    private bool _isClosing;

    /// <summary>Waits until the process has ended; at once if it has. Any number of tasks may wait.</summary>
    /// <remarks>
    /// It does not wait for what the process has started, nor for its pipes. A process whose output nobody reads waits when its pipe is
    /// full, and does not end: read it at the same time, or use <see cref="CollectAsync"/>.
    /// </remarks>
    /// <exception cref="SubprocessException">How it ended cannot be known, since other code of this program waits for any child.</exception>
    public async Coroutine<ExitStatus> WaitAsync() => await _exit;

    /// <summary>Sends a signal to the process alone. Does nothing once it has ended.</summary>
    /// <param name="signal">One of the names, or the system's own number, which is positive.</param>
    /// <exception cref="SubprocessException">The system does not allow it, or has no such signal.</exception>
    /// <exception cref="PlatformNotSupportedException">The system has no signals, or not this one.</exception>
    public void SendSignal(PosixSignal signal)
    {
        _loop.VerifyThread("Subprocess.SendSignal");
        _transport.SendSignal(Signals.NumberOf(signal));
    }

    /// <summary>Kills the process alone (SIGKILL). Does nothing once it has ended.</summary>
    public void Kill() => SendSignal((PosixSignal)Signals.Kill);

    /// <summary>Stops it with all that it has started: asks them to end (SIGTERM), and kills what still runs after the grace.</summary>
    /// <remarks>Does nothing if it has ended. It goes on to its end even if the scope is cancelled meanwhile. What it wrote can still be read.</remarks>
    /// <param name="grace">Null for <see cref="SubprocessOptions.StopGrace"/>; <see cref="Timeout.InfiniteTimeSpan"/> waits until it ends by itself.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="SubprocessException">The system does not allow it, or how it ended cannot be known.</exception>
    public async Coroutine<ExitStatus> StopAsync(TimeSpan? grace = null)
    {
        Durations.ThrowIfNegative(grace ?? TimeSpan.Zero, nameof(grace));
        LoopTask.CurrentOrThrow().ThrowIfCanceled();
        await CancelScope.ShieldAsync(() => StopOnceAsync(grace ?? _stopGrace));
        return await CancelScope.ShieldAsync(WaitAsync);
    }

    /// <summary>Stops it if it still runs, and closes its pipes; what was written to it and not sent is lost. Never throws; a second time does nothing.</summary>
    public Coroutine DisposeAsync() => TryCloseAtOnce() ? default : StopAndCloseAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();

    private bool TryCloseAtOnce()
    {
        _loop.VerifyThread("Subprocess.DisposeAsync");
        if (_isClosing || !_exit.IsCompleted || _stop is { IsCompleted: false })
        {
            return _closed.IsCompleted;
        }

        _isClosing = true;
        Close();
        return true;
    }

    private async Coroutine StopAndCloseAsync()
    {
        if (_isClosing)
        {
            await CancelScope.ShieldAsync(async () => await _closed);
            return;
        }

        _isClosing = true;
        try
        {
            await CancelScope.ShieldAsync(() => StopOnceAsync(_stopGrace));
        }
        catch (Exception failure)
        {
            _loop.Report(ProcessReports.StopFailed(this, failure));
        }

        Close();
    }

    private async Coroutine StopAheadAsync()
    {
        try
        {
            await CancelScope.ShieldAsync(() => StopOnceAsync(_stopGrace));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whoever closes it gets the same.
        }
    }

    private void Close()
    {
        CancelScope.Release(_held);
        ClosePipes();
        _transport.Dispose();
        _closed.SetResult(default);
    }

    private async Coroutine StopOnceAsync(TimeSpan grace)
    {
        if (_stop is not null)
        {
            await _stop;
            return;
        }

        _stop = new CoroutineSource<Nothing>();
        try
        {
            await _transport.StopAsync(grace);
            _stop.SetResult(default);
        }
        catch (Exception failure)
        {
            _stop.SetException(failure);
            throw;
        }
    }

    private void ClosePipes()
    {
        _input?.Close(System.Net.Sockets.SocketError.OperationAborted);
        _transport.StandardInput?.Abort();
        _transport.StandardOutput?.Dispose();
        _transport.StandardError?.Dispose();
        _output?.Discard();
        _error?.Discard();
    }

    private void BeginWaiting()
    {
        _held = new Held(this);
        var waiter = new ExitWaiter(this);
        if (_transport.WaitForExit(waiter) is { IsPending: false } status)
        {
            waiter.Complete(status);
        }
    }

    private sealed class ExitWaiter(Subprocess process) : IIoCompletion<ExitStatus>
    {
        public void Complete(IoResult<ExitStatus> result)
        {
            if (result.IsSuccess)
            {
                process.Status = result.Value;
                process._exit.TrySetResult(result.Value);
            }
            else
            {
                process._exit.TrySetException(StartFailures.Lost(process.FileName, process.Id));
            }
        }
    }

    /// <summary>Its place in the scope.</summary>
    private sealed class Held(Subprocess process) : ScopedResource
    {
        internal override bool TryBeginClosing()
        {
            if ((Previous is not null || Next is not null) && !process._exit.IsCompleted && process._stop is null && process._loop.RootSet.ClosedBecause is null)
            {
                LoopTask.Start(process.StopAheadAsync(), $"stopping {process.FileName}");
            }

            return true;
        }

        internal override Coroutine CloseWithScopeAsync() => process.DisposeAsync();
    }
}
