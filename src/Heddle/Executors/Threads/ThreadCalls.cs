using Heddle.LowLevel;

namespace Heddle;

/// <summary>Waiting on the loop for a call on a thread.</summary>
internal static class ThreadCalls
{
    /// <param name="threads">Where.</param>
    /// <param name="work">What.</param>
    /// <param name="calls">Whose call it is.</param>
    internal static async Coroutine<TResult> RunAsync<TResult>(WorkerThreads threads, WorkItem<TResult> work, ExecutorCalls calls)
    {
        if (EventLoop.Current.ThreadRunner is { } runner)
        {
            return await runner.RunAsync(new CallForThreads<TResult>(work, calls, threads));
        }

        ThreadCall<TResult>? call = null;
        var isAbandoned = false;
        using var entry = calls.Enter(work, failure =>
        {
            if (threads.TryRemove(call!))
            {
                call!.Fail(failure);
            }
            else if (isAbandoned = call!.TryAbandon())
            {
                calls.BeginAbandoned(work);
                call.Fail(failure);
            }
        });

        // Once it may come in: who is refused must leave nothing at the scope's token.
        var token = work.TakesToken ? CancelScope.Current.Token : CancellationToken.None;
        call = new(work, token, failure => calls.OnLoop(() => calls.EndAbandoned(work, failure)));
        try
        {
            threads.Add(call);
            return await call.End.OrCanceled();
        }
        catch (ScopeCanceledException)
        {
            if (threads.TryRemove(call))
            {
                throw;
            }

            if (work.TakesToken)
            {
                await WaitAsync(call.End, calls.StopGrace);
            }

            if (call.TryAbandon())
            {
                isAbandoned = true;
                calls.BeginAbandoned(work);
                throw;
            }

            // It has ended in the last moment. A result is kept; that it was cancelled is no news.
            await WaitAsync(call.End, Timeout.InfiniteTimeSpan);
            if (call.End.IsFaulted && call.End.Exception.InnerException is OperationCanceledException)
            {
                throw;
            }

            return await call.End;
        }
        finally
        {
            if (!isAbandoned)
            {
                call.Dispose();
            }
        }
    }

    /// <summary>Waits for its end, however it ends, also in a cancelled scope.</summary>
    internal static async Coroutine WaitAsync(Task task, TimeSpan timeout)
        => await CancelScope.ShieldAsync(async () => await CancelScope.MoveOnAfterAsync(timeout, _ => LateEnd.WaitAsync(task)));
}
