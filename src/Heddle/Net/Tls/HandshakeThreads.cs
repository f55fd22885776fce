using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Where handshakes compute: threads of the pool, a few of them at once. Any thread.</summary>
/// <remarks>
/// A check of a certificate takes milliseconds, and where the user's policy lets it download it blocks its thread for seconds:
/// a crowd of such must leave the rest of the pool to others. What waits for the other end holds no place here, so a silent
/// end keeps nobody out.
/// </remarks>
internal static class HandshakeThreads
{
    private static readonly int s_most = Math.Max(8, 2 * Environment.ProcessorCount);
    private static readonly ConcurrentQueue<Action> s_waiting = new();
    private static readonly Turn s_turn = new();
    private static int s_running;

    /// <summary>Runs the action on such a thread, soon.</summary>
    internal static void Run(Action action)
    {
        s_waiting.Enqueue(action);

        // Pairs with the one in the decrement: either this sees the place that was given back, or the turn that has given it back sees the action.
        Interlocked.MemoryBarrier();
        BeginTurns();
    }

    /// <summary>Makes the call there, and ends with what it returns.</summary>
    internal static async Task RunAsync(Func<Task> call)
    {
        await default(Hop);
        await call().ConfigureAwait(false);
    }

    private static void BeginTurns()
    {
        while (!s_waiting.IsEmpty && Volatile.Read(ref s_running) is var running && running < s_most)
        {
            if (Interlocked.CompareExchange(ref s_running, running + 1, running) == running)
            {
                ThreadPool.UnsafeQueueUserWorkItem(s_turn, preferLocal: false);
                return;
            }
        }
    }

    /// <summary>One action a turn, so that the pool sees to fairness, and to the thread's context.</summary>
    private sealed class Turn : IThreadPoolWorkItem
    {
        public void Execute()
        {
            try
            {
                if (s_waiting.TryDequeue(out var action))
                {
                    action();
                }
            }
            finally
            {
                Interlocked.Decrement(ref s_running);
                BeginTurns();
            }
        }
    }

    private readonly struct Hop : ICriticalNotifyCompletion
    {
        public bool IsCompleted => false;

        public Hop GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => Run(continuation);

        public void UnsafeOnCompleted(Action continuation) => Run(continuation);
    }
}
