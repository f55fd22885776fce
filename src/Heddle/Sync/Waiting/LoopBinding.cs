using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Which loop a primitive belongs to: the one whose task first waits for it. There is no lock inside, so it serves no other.</summary>
/// <remarks>Until then nobody can be woken, so it may be filled, set and configured anywhere: where the program is put together no loop runs yet.</remarks>
internal sealed class LoopBinding
{
    private EventLoop? _loop;

    /// <summary>Null before the first wait.</summary>
    internal EventLoop? Loop => _loop;

    /// <summary>Whether this is the thread of the loop that it is bound to.</summary>
    internal bool IsCurrent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _loop is { } loop && loop.IsOnThread;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Is(EventLoop loop) => ReferenceEquals(_loop, loop);

    /// <summary>Checks that a member which never waits may be called here.</summary>
    /// <exception cref="InvalidOperationException">It belongs to a loop, and this is not that loop's thread.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Verify(string member)
    {
        if (!IsCurrent && _loop is { } loop)
        {
            Refuse(loop, member);
        }
    }

    /// <summary>The running task, for a member that takes something for it; binds.</summary>
    /// <exception cref="InvalidOperationException">No task runs on this thread, or it belongs to another loop.</exception>
    internal LoopTask Bind(string member)
    {
        Verify(member);
        var task = LoopTask.CurrentOrThrow();
        Bind(task.Loop, member);
        return task;
    }

    /// <summary>For a task of that loop, which will wait.</summary>
    /// <exception cref="InvalidOperationException">It belongs to another loop.</exception>
    internal void Bind(EventLoop current, string member)
    {
        // Tasks of two loops may wait for it first at the same moment: one of the loops gets it.
        if (!Is(current) && Interlocked.CompareExchange(ref _loop, current, null) is { } owner && !ReferenceEquals(owner, current))
        {
            Refuse(owner, member);
        }
    }

    private static void Refuse(EventLoop loop, string member)
    {
        if (EventLoop.CurrentOrNull is not { } current)
        {
            loop.VerifyThread(member);
            return;
        }

        throw new InvalidOperationException(
            $"{member} was called on the loop '{current.Name}', but the object belongs to another loop, '{loop.Name}', whose tasks waited for it first. "
            + "It serves the tasks of one loop. Make one for each loop, and go from one loop to another with loop.Post(() => ...) "
            + "or EventLoopThread.RunAsync.");
    }
}
