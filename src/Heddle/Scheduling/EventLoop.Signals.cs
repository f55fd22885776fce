using System.Runtime.InteropServices;

namespace Heddle;

/// <content>Signals.</content>
public sealed partial class EventLoop
{
    /// <summary>Has the handler run on the loop, between steps, whenever the signal comes, instead of what the system would do.</summary>
    /// <remarks>Ctrl+C and SIGTERM are handled by the loop itself unless <see cref="EventLoopOptions.HandleSignals"/> is off.</remarks>
    /// <returns>Dispose of it to stop listening.</returns>
    /// <exception cref="PlatformNotSupportedException">The system does not know the signal.</exception>
    public IDisposable OnSignal(PosixSignal signal, Action<PosixSignal> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return PosixSignalRegistration.Create(
            signal,
            context =>
            {
                context.Cancel = true;
                Post(handler, context.Signal);
            });
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

        /// <summary>The signal that cancelled the main task.</summary>
        internal PosixSignal? Received { get; private set; }

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
            _loop.Post(Interrupt, context.Signal);
        }

        private void Interrupt(PosixSignal signal)
        {
            Received = signal;
            _loop._main!.Cancel(ReasonOf(signal));
        }

        private static string ReasonOf(PosixSignal signal) => signal == PosixSignal.SIGINT ? "interrupted by Ctrl+C" : "terminated by SIGTERM";
    }
}
