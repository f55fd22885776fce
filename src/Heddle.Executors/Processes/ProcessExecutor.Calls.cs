using System.Runtime.ExceptionServices;
using Heddle.LowLevel;

namespace Heddle;

/// <content>One call, from its coming to its end.</content>
public sealed partial class ProcessExecutor
{
    private static readonly TimeSpan s_exitPatience = TimeSpan.FromSeconds(2);

    private async Coroutine<TResult> CallAsync<TResult>(WorkItem<TResult> work)
    {
        WorkerProcess? worker = null;
        Exception? given = null;
        using var entry = _calls.Enter(work, failure =>
        {
            given = failure;
            if (worker is null)
            {
                _pool.FailWaiting(failure);
            }
            else
            {
                worker.Kill(failure);
            }
        });

        var writer = _writers.TryPop(out var used) ? used : new();
        try
        {
            WorkerFrames.Begin(writer, WorkerFrame.Call);
            RemoteWork.WriteRequest(writer, work);
            worker = await _pool.TakeAsync();
            if (given is not null)
            {
                _pool.Return(worker, isWorn: false);
                throw given;
            }

            return await CallAsync(worker, work, WorkerFrames.End(writer));
        }
        finally
        {
            writer.CutTo(0);
            if (_writers.Count < _options.MaxWorkers)
            {
                _writers.Push(writer);
            }
        }
    }

    private async Coroutine<TResult> CallAsync<TResult>(WorkerProcess worker, WorkItem<TResult> work, ReadOnlyMemory<byte> request)
    {
        ScopeCanceledException? cancellation = null;
        ReadOnlyMemory<byte> reply;
        var isSent = false;
        try
        {
            await worker.SendAsync(request);
            isSent = true;
            reply = await worker.ReceiveAsync();
        }
        catch (ScopeCanceledException canceled)
        {
            if (!isSent || !work.TakesToken || await StopAsync(worker) is not { } last)
            {
                _pool.Discard(worker);
                throw;
            }

            cancellation = canceled;
            reply = last;
        }
        catch (Exception failure) when (failure is EndOfStreamException or ConnectionException or InvalidDataException)
        {
            // Its exit code is asked for before it is killed, which would change it.
            var exitCode = worker.KilledBecause is null ? await worker.ExitCodeAsync(s_exitPatience) : null;
            _pool.Discard(worker);
            throw worker.KilledBecause ?? WorkerDiedException.DuringCall(worker.ToString(), work, exitCode, _options.MemoryLimit, failure);
        }

        try
        {
            return Finish(worker, work, reply);
        }
        catch (OperationCanceledException) when (cancellation is not null)
        {
            // The function has stopped as it was asked to.
            ExceptionDispatchInfo.Throw(cancellation);
            throw;
        }
    }

    /// <summary>Gives the worker back and unpacks its reply.</summary>
    private TResult Finish<TResult>(WorkerProcess worker, WorkItem<TResult> work, ReadOnlyMemory<byte> reply)
    {
        var isWorn = false;
        try
        {
            return RemoteWork.Unpack(work, reply, worker.ToString());
        }
        catch (OutOfMemoryException)
        {
            // What it could not do for want of memory may have left it in any state.
            isWorn = true;
            throw;
        }
        finally
        {
            _pool.Return(worker, isWorn);
        }
    }

    /// <summary>Asks the function to stop and waits a while for how that ends; null if it does not.</summary>
    private async Coroutine<ReadOnlyMemory<byte>?> StopAsync(WorkerProcess worker)
    {
        try
        {
            var stopped = await CancelScope.ShieldAsync(() => CancelScope.MoveOnAfterAsync(_options.StopGrace, async _ =>
            {
                await worker.CancelCallAsync();
                return await worker.ReceiveAsync();
            }));
            return stopped.IsSuccess ? (ReadOnlyMemory<byte>?)stopped.Value : null;
        }
        catch (Exception failure) when (failure is EndOfStreamException or ConnectionException)
        {
            return null;
        }
    }
}
