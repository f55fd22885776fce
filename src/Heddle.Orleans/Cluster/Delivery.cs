using Heddle.LowLevel;

namespace Heddle.Orleans;

/// <summary>One call on its way: sent to a silo, asked for there until it is done, and sent to another if that dies.</summary>
/// <remarks>
/// A silo knows the call by its identity. Asking the same silo again never runs it twice, so a lost message is no reason to send it elsewhere; only
/// that its silo is gone is, or has given it up. Who has given it up never takes that identity again, so the next attempt has another.
/// </remarks>
internal sealed class Delivery(ClusterWatch cluster, string executor, int maxAttempts, RemoteCall call)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private Guid _id = Guid.NewGuid();

    internal async Task<byte[]> RunAsync()
    {
        if (call.Request.Length > QuietHost.MaxPayload)
        {
            throw TooLarge("arguments");
        }

        var attempts = 0;
        while (true)
        {
            var silo = await cluster.TakeAsync(call.Stop).ConfigureAwait(false);
            try
            {
                var reply = await CallAsync(silo).ConfigureAwait(false);
                switch (reply?.State)
                {
                    case CallState.Done:
                        return reply.Value.Reply!;
                    case CallState.Refused:
                        cluster.MarkLeaving(silo);
                        break;
                    case CallState.TooLarge:
                        throw TooLarge("result");
                    case CallState.Dropped:
                        throw new OperationCanceledException(call.Stop);
                    default:
                        call.Stop.ThrowIfCancellationRequested();
                        if (++attempts == maxAttempts)
                        {
                            throw reply is null
                                ? SiloDiedException.ForDeath(executor, silo.Address, attempts)
                                : SiloDiedException.ForGivenUp(executor, silo.Address, attempts);
                        }

                        _id = reply is null ? _id : Guid.NewGuid();
                        break;
                }
            }
            finally
            {
                cluster.Return(silo);
            }
        }
    }

    /// <summary>How the call ends on that silo; null if the silo is gone, or does not answer for long.</summary>
    private async Task<CallReply?> CallAsync(RemoteSilo silo)
    {
        var (id, payload) = (_id, call.Request);
        var lastAnswer = Environment.TickCount64;
        await using var stopping = call.Stop.Register(() => _ = StopAsync(silo, id)).ConfigureAwait(false);
        while (true)
        {
            var loss = cluster.NextLoss;
            var asking = AskAsync(silo, id, payload);
            await Task.WhenAny(asking, silo.Gone, loss).ConfigureAwait(false);
            var answer = asking.IsCompleted ? await asking.ConfigureAwait(false) : null;
            if (answer is { State: not CallState.UnderWay } end)
            {
                _ = silo.Grain.ForgetAsync(id);
                return end;
            }

            if (silo.Gone.IsCompleted || Environment.TickCount64 - lastAnswer > s_patience.TotalMilliseconds)
            {
                return null;
            }

            if (answer is not null)
            {
                payload = null;
                lastAnswer = Environment.TickCount64;
            }
            else if (asking.IsCompleted)
            {
                await Task.WhenAny(silo.Gone, Task.Delay(s_pause)).ConfigureAwait(false);
            }
        }
    }

    /// <returns>Null if there was no answer. What the function throws is in its reply, so any failure is one of the way.</returns>
    private static async Task<CallReply?> AskAsync(RemoteSilo silo, Guid id, byte[]? payload)
    {
        try
        {
            return await silo.Grain.RunAsync(id, payload).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private async Task StopAsync(RemoteSilo silo, Guid id)
    {
        while (!silo.Gone.IsCompleted)
        {
            try
            {
                if (await silo.Grain.StopAsync(id).ConfigureAwait(false))
                {
                    call.MarkRunsOn();
                }

                return;
            }
            catch (Exception)
            {
                await Task.Delay(s_pause).ConfigureAwait(false);
            }
        }
    }

    private static NotPortableException TooLarge(string what) => new(
        $"The {what} of a call on a cluster would take more than {QuietHost.MaxPayload >> 20} MiB, more than is sent at once. Pass the name of a file that both "
        + "sides can open, or send it in pieces.");
}
