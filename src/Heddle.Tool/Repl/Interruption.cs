using System.Runtime.InteropServices;

namespace Heddle.Tool.Repl;

/// <summary>Ctrl+C and SIGTERM, from a session's start until nothing of it runs any more.</summary>
/// <remarks>They come on other threads than the loop's, and have their way though an input holds that.</remarks>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long tasks may take to end, before the user is told who is waited for.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);

    private readonly EventLoop _loop;
    private readonly Action _answer;
    private readonly Action<string> _tell;
    private readonly PosixSignalRegistration _interrupted;
    private readonly PosixSignalRegistration _terminated;
    private Timer? _leaving;
    private int _unanswered;
    private volatile bool _isLast;

    /// <param name="loop">The session's.</param>
    /// <param name="answer">What Ctrl+C does, on the loop.</param>
    /// <param name="tell">Shows a line, on any thread.</param>
    internal Interruption(EventLoop loop, Action answer, Action<string> tell)
    {
        _loop = loop;
        _answer = answer;
        _tell = tell;
        _interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Heed(context, Ask));
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Heed(context, static () => Environment.Exit(ExitCode.Terminated)));
    }

    /// <summary>Ctrl+C. Any thread.</summary>
    internal void Ask()
    {
        var count = Interlocked.Increment(ref _unanswered);
        if (_isLast || count > 2)
        {
            Environment.Exit(ExitCode.Interrupted);
        }
        else if (count == 1)
        {
            _loop.Post(() =>
            {
                Volatile.Write(ref _unanswered, 0);
                _answer();
            });
        }
        else
        {
            _tell("The input holds the loop, so it cannot be cancelled. Ctrl+C once more ends the session.");
        }
    }

    /// <summary>The user leaves: what still runs is about to be cancelled. From the time that the wait for it is told, one Ctrl+C ends it.</summary>
    internal void Leave() => _leaving = new Timer(_ => _loop.Post(TellWhoStays), null, s_grace, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _leaving?.Dispose();
        _interrupted.Dispose();
        _terminated.Dispose();
    }

    private void TellWhoStays()
    {
        var tasks = _loop.Snapshot().Tasks;
        if (tasks.Count > 0)
        {
            // First: whoever reads that may press it before the next line here runs.
            _isLast = true;
            _tell($"What was cancelled has not ended yet. Ctrl+C leaves without waiting for it:\n{string.Join('\n', tasks)}");
        }
    }

    private static void Heed(PosixSignalContext context, Action act)
    {
        context.Cancel = true;
        act();
    }
}
