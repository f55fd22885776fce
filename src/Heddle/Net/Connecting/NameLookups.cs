using System.Net;

namespace Heddle;

/// <summary>Asks the system's resolver, which blocks its thread until a name server answers or it gives up. Any thread.</summary>
/// <remarks>
/// On threads of its own, and not the pool's: dozens of names whose servers are silent hold up nothing but further names, and those only
/// when they hold every thread. What was given up before a thread has taken it asks nobody.
/// </remarks>
internal static class NameLookups
{
    private const int MostThreads = 64;

    private static readonly TimeSpan s_idleTime = TimeSpan.FromSeconds(10);
    private static readonly LinkedList<Lookup> s_waiting = new();
    private static readonly object s_gate = new();
    private static int s_threads;

    /// <summary>Threads that wait for a look-up, or are about to.</summary>
    private static int s_free;

    internal static async Coroutine<IPAddress[]> ResolveAsync(string host)
    {
        var lookup = new Lookup(host);
        try
        {
            Add(lookup);
            return await lookup.Answer.Task.OrCanceled();
        }
        finally
        {
            GiveUp(lookup);
        }
    }

    private static void Add(Lookup lookup)
    {
        lock (s_gate)
        {
            lookup.Place = s_waiting.AddLast(lookup);
            if (s_free >= s_waiting.Count || s_threads == MostThreads)
            {
                Monitor.Pulse(s_gate);
            }
            else
            {
                new Thread(Work) { IsBackground = true, Name = "Heddle name look-up" }.UnsafeStart();
                s_threads++;
                s_free++;
            }
        }
    }

    private static void GiveUp(Lookup lookup)
    {
        lock (s_gate)
        {
            if (lookup.Place.List is not null)
            {
                s_waiting.Remove(lookup.Place);
            }
        }
    }

    private static void Work()
    {
        while (Take() is { } lookup)
        {
            try
            {
                lookup.Answer.SetResult(Dns.GetHostAddresses(lookup.Host));
            }
            catch (Exception failure)
            {
                lookup.Answer.SetException(failure);
            }

            lock (s_gate)
            {
                s_free++;
            }
        }
    }

    /// <summary>Null when there has been none for a while.</summary>
    private static Lookup? Take()
    {
        lock (s_gate)
        {
            while (s_waiting.First is null)
            {
                if (!Monitor.Wait(s_gate, s_idleTime) && s_waiting.First is null)
                {
                    s_free--;
                    s_threads--;
                    return null;
                }
            }

            var lookup = s_waiting.First.Value;
            s_waiting.RemoveFirst();
            s_free--;
            return lookup;
        }
    }

    private sealed class Lookup(string host)
    {
        internal string Host => host;

        internal TaskCompletionSource<IPAddress[]> Answer { get; } = new();

        /// <summary>Among those that wait.</summary>
        internal LinkedListNode<Lookup> Place { get; set; } = null!;
    }
}
