using System.Runtime.InteropServices;

namespace Heddle;

/// <content>Signals.</content>
public sealed partial class EventLoop
{
    private readonly Lock _signalLock = new();
    private readonly HashSet<SignalHandler> _signalHandlers = [];

    private int _interruptedBy;

    /// <summary>The signal that told the run to end: SIGINT for Ctrl+C, or SIGTERM; null while none has. Any thread.</summary>
    /// <remarks>
    /// For clean-up that depends on it. The cancellation itself says why by its <see cref="ScopeCanceledException.Reason"/>, and once all has ended
    /// <see cref="Run(Coroutine, EventLoopOptions?)"/> throws a <see cref="LoopInterruptedException"/> with the signal.
    /// </remarks>
    public PosixSignal? InterruptedBy => Volatile.Read(ref _interruptedBy) is var signal && signal != 0 ? (PosixSignal)signal : null;

    /// <summary>Has the handler run on the loop, between steps, whenever the signal comes, instead of what the system would do. Any thread.</summary>
    /// <remarks>
    /// It runs in the ambient context of who registers it, and is registered until the loop's end at most: a signal that comes later has the
    /// system's way. Ctrl+C and SIGTERM are handled by the loop itself unless <see cref="EventLoopOptions.HandleSignals"/> is off.
    /// The counterpart of <c>loop.add_signal_handler</c>.
    /// </remarks>
    /// <returns>Dispose of it to stop listening.</returns>
    /// <exception cref="PlatformNotSupportedException">The system does not know the signal.</exception>
    /// <exception cref="ObjectDisposedException">The loop has ended.</exception>
    public IDisposable OnSignal(PosixSignal signal, Action<PosixSignal> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var registered = new SignalHandler(this, signal, handler);
        lock (_signalLock)
        {
            if (!HasEnded)
            {
                _signalHandlers.Add(registered);
                return registered;
            }
        }

        registered.Dispose();
        throw new ObjectDisposedException(nameof(EventLoop), $"The loop '{Name}' has ended, so no signal can be handled on it any more.");
    }

    /// <summary>The loop has ended.</summary>
    private void DropSignalHandlers()
    {
        SignalHandler[] left;
        lock (_signalLock)
        {
            left = [.. _signalHandlers];
        }

        foreach (var handler in left)
        {
            handler.Dispose();
        }
    }

    private sealed class SignalHandler : IDisposable
    {
        private readonly EventLoop _loop;
        private readonly Action<PosixSignal> _handler;
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private readonly PosixSignalRegistration _registration;

        internal SignalHandler(EventLoop loop, PosixSignal signal, Action<PosixSignal> handler)
        {
            _loop = loop;
            _handler = handler;
            _registration = PosixSignalRegistration.Create(signal, OnSignal);
        }

        public void Dispose()
        {
            _registration.Dispose();
            lock (_loop._signalLock)
            {
                _loop._signalHandlers.Remove(this);
            }
        }

        /// <summary>On a thread of its own. A loop that has ended handles nothing, also when its end comes between.</summary>
        private void OnSignal(PosixSignalContext context)
            => context.Cancel = _loop.TryPost(_handler, context.Signal, _context);
    }

    /// <summary>The first Ctrl+C or SIGTERM cancels the main task; the second has the system's way.</summary>
    private sealed class MainSignals : IDisposable
    {
        private readonly EventLoop _loop;
        private readonly EndWatch _ending;
        private readonly PosixSignalRegistration _interrupt;
        private readonly PosixSignalRegistration _terminate;
        private int _count;

        internal MainSignals(EventLoop loop, EndWatch ending)
        {
            _loop = loop;
            _ending = ending;
            _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        }

        public void Dispose()
        {
            _interrupt.Dispose();
            _terminate.Dispose();
        }

        private void OnSignal(PosixSignalContext context)
        {
            if (Interlocked.Increment(ref _count) > 1)
            {
                return;
            }

            context.Cancel = true;
            _ending.Begin(ReasonOf(context.Signal));
            _loop.Enter(Interrupt, context.Signal);
        }

        private void Interrupt(PosixSignal signal)
        {
            Volatile.Write(ref _loop._interruptedBy, (int)signal);
            _loop._main!.Cancel(ReasonOf(signal));
        }

        private static string ReasonOf(PosixSignal signal) => signal == PosixSignal.SIGINT ? "interrupted by Ctrl+C" : "terminated by SIGTERM";
    }
}

/// <summary>How a program ends that a signal has ended and that does not catch the <see cref="LoopInterruptedException"/>.</summary>
/// <remarks>
/// With the signal's exit code, as a shell expects it. .NET's way for an exception that nobody catches, a stack on the
/// terminal and a core dump, is for defects; that somebody presses Ctrl+C is none.
/// </remarks>
internal static class InterruptedExit
{
    private static int s_isPrepared;

    internal static void Prepare()
    {
        if (Interlocked.Exchange(ref s_isPrepared, 1) == 0)
        {
            AppDomain.CurrentDomain.UnhandledException += static (_, unhandled) =>
            {
                if (unhandled.ExceptionObject is LoopInterruptedException { Signal: var signal })
                {
                    Environment.Exit(signal == PosixSignal.SIGINT ? 130 : 143);
                }
            };
        }
    }
}
