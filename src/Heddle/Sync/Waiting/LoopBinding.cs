using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Which loop a primitive belongs to: the one that first uses it. There is no lock inside, so it serves no other.</summary>
internal sealed class LoopBinding
{
    private EventLoop? _loop;

    /// <summary>Null before the first use.</summary>
    internal EventLoop? Loop => _loop;

    /// <summary>Whether this is the thread of the loop that it is bound to.</summary>
    internal bool IsCurrent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _loop is { } loop && loop.IsOnThread;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Is(EventLoop loop) => ReferenceEquals(_loop, loop);

    /// <summary>Checks that a member may be called here; the first call binds.</summary>
    /// <exception cref="InvalidOperationException">No loop runs on this thread, or another one.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Verify(string member)
    {
        if (!IsCurrent)
        {
            Bind(EventLoop.CurrentOrNull, member);
        }
    }

    /// <summary>The same, for who knows the loop of this thread.</summary>
    /// <exception cref="InvalidOperationException">It belongs to another loop.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Verify(EventLoop current, string member)
    {
        if (!Is(current))
        {
            Bind(current, member);
        }
    }

    private void Bind(EventLoop? current, string member)
    {
        if (_loop is null)
        {
            if (current is null)
            {
                Misuse.ThrowNoLoop();
            }

            _loop = current;
            return;
        }

        if (current is null)
        {
            _loop.VerifyThread(member);
        }

        throw new InvalidOperationException(
            $"{member} was called on the loop '{current!.Name}', but the object belongs to another loop, '{_loop.Name}', which used it first. "
            + "A primitive serves the tasks of one loop. Make one for each loop, and go from one loop to another with loop.Post(() => ...) "
            + "or EventLoopThread.RunAsync.");
    }
}
