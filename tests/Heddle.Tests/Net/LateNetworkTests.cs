using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Net;

/// <summary>What comes in at the last instant of a run's grace in virtual time.</summary>
public abstract class LateNetworkTests(Func<EventLoop, INetworkPoller> network) : NetTests(network)
{
    public sealed class OnEpoll() : LateNetworkTests(Pollers.Epoll);

    public sealed class OnSockets() : LateNetworkTests(Pollers.Sockets);

    [Fact]
    public void Who_got_something_at_the_last_instant_of_the_grace_has_its_turn() => RunLate(EchoAsync);

    [Fact]
    public void The_clock_does_not_jump_over_what_came_at_the_last_instant_of_the_grace() => RunLate(async () =>
    {
        await CancelScope.WithTimeoutAsync(TimeSpan.FromHours(1), _ => EchoAsync());
        Assert.Equal(TimeSpan.Zero, EventLoop.Current.Now);
    });

    private static Coroutine EchoAsync() => WithConnectionAsync(async (here, there) =>
    {
        for (var i = 0; i < 100; i++)
        {
            here.Writer.Write("hello\n");
            var reading = LoopTask.Start(there.Reader.ReadLineAsync());
            await here.Writer.DrainAsync();
            Assert.Equal("hello", await reading);
        }
    });

    private void RunLate(Func<Coroutine> body)
    {
        Assert.SkipWhen(MakeNetwork == Pollers.Epoll && !OperatingSystem.IsLinux(), "epoll is Linux's.");

        // Real: a tick is over before any wait is.
        VirtualTime.Run(body, new() { Network = loop => new LateNetwork(MakeNetwork(loop), loop), IdleGrace = TimeSpan.FromTicks(1) });
    }
}
