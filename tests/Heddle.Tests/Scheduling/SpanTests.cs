using System.Reflection;
using Heddle.LowLevel;
using Heddle.Testing;

namespace Heddle.Tests.Scheduling;

/// <summary>A time span that a caller gives: negative ones are refused, wherever one is taken, and "infinite" means "never".</summary>
public class SpanTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    public static TheoryData<Type, string> Options()
    {
        var data = new TheoryData<Type, string>();
        foreach (var assembly in new[] { typeof(EventLoop).Assembly, typeof(ProcessExecutor).Assembly, typeof(VirtualTime).Assembly })
        {
            foreach (var type in assembly.GetExportedTypes().Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal)))
            {
                foreach (var property in type.GetProperties().Where(p => p.PropertyType == typeof(TimeSpan) && p.CanWrite && p.DeclaringType == type))
                {
                    data.Add(type, property.Name);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Options_refuse_a_negative_span_by_name_and_take_the_infinite_one(Type type, string property)
    {
        if (type == typeof(LoopHttpOptions))
        {
            // Checked by the client, together with the rest.
            return;
        }

        var options = Activator.CreateInstance(type)!;
        var setter = type.GetProperty(property)!;
        foreach (var span in new[] { TimeSpan.FromTicks(-1), s_second * -1, TimeSpan.MinValue })
        {
            var failure = Assert.Throws<TargetInvocationException>(() => setter.SetValue(options, span)).InnerException;
            Assert.Equal(property, Assert.IsType<ArgumentOutOfRangeException>(failure).ParamName);
        }

        foreach (var span in new[] { TimeSpan.Zero, Timeout.InfiniteTimeSpan, TimeSpan.MaxValue })
        {
            setter.SetValue(options, span);
            Assert.Equal(span, setter.GetValue(options));
        }
    }

    [Fact]
    public void Arguments_are_refused_alike() => VirtualTime.Run(async () =>
    {
        await Coroutine.Yield();
        var timer = new LoopTimer(EventLoop.Current, () => { });
        foreach (var span in new[] { TimeSpan.FromTicks(-1), s_second * -3, TimeSpan.MinValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => timer.Schedule(span));
            Assert.Throws<ArgumentOutOfRangeException>(() => CancelScope.Current.CancelAfter(span));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Coroutine.Delay(span));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await CancelScope.MoveOnAfterAsync(span, async _ => { }));
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await CancelScope.ShieldAsync(span, async () => { }));
        }

        Assert.False(CancelScope.Current.IsCanceled);
    });

    [Fact]
    public void A_timer_that_is_set_for_never_does_not_fire() => VirtualTime.Run(async () =>
    {
        var timer = new LoopTimer(EventLoop.Current, () => Assert.Fail("It fired."));
        timer.Schedule(s_second);
        timer.Schedule(Timeout.InfiniteTimeSpan);
        Assert.False(timer.IsScheduled);
        await Coroutine.Delay(s_hour);
    });

    [Fact]
    public void A_failure_that_nobody_awaits_and_that_may_wait_for_ever_is_reported_at_the_end()
    {
        var times = new List<TimeSpan>();
        VirtualTime.Run(
            async () =>
            {
                LoopTask.Start(Coroutine.FromException(new IOException()), "failing");
                await Coroutine.Delay(s_hour);
            },
            new() { UnobservedGrace = Timeout.InfiniteTimeSpan, OnReport = _ => times.Add(EventLoop.Current.Now) });
        Assert.Equal([s_hour], times);
    }

    [Fact]
    public void A_loop_that_may_look_for_ever_still_goes_on() => EventLoop.Run(
        async () =>
        {
            // Real: a poller that spins.
            for (var i = 0; i < 20; i++)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            }
        },
        new() { MaxSpin = Timeout.InfiniteTimeSpan });
}
