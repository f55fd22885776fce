namespace Heddle.NetworkStage;

/// <summary>Compares what both processes hold before and after.</summary>
internal sealed class Leaks
{
    private readonly ServerProcess _server;
    private readonly Held _here;
    private readonly Held _there;

    private Leaks(ServerProcess server, Held here, Held there) => (_server, _here, _there) = (server, here, there);

    internal static async Coroutine<Leaks> WatchAsync(ServerProcess server) => new(server, Held.Now(), await server.AskAsync());

    /// <summary>How much memory the server has taken for each of so many that are open now.</summary>
    internal async Coroutine<(long Managed, long Resident)> MemoryOfEachAsync(int count)
    {
        var full = await _server.AskAsync();
        Stage.Require(full.Descriptors - _there.Descriptors == count, $"the server holds {full.Since(_there)}, and not {count} connections");
        return ((full.Managed - _there.Managed) / count, (full.Resident - _there.Resident) / count);
    }

    internal async Coroutine RequireNoneAsync()
    {
        // Who has closed is ahead of the other process, which may have a queue of ends to hear of.
        for (var patience = 50; ; patience--)
        {
            var (here, there) = (Held.Now(), await _server.AskAsync());
            if (here.IsNoMoreThan(_here) && there.IsNoMoreThan(_there))
            {
                return;
            }

            Stage.Require(patience > 0, $"the client keeps {here.Since(_here)}; the server {there.Since(_there)}");
            await Coroutine.Delay(TimeSpan.FromMilliseconds(100));
        }
    }
}
