using Heddle.Testing;

namespace Heddle.TestPrograms;

/// <summary>Groups, races and what waits for several: all have ended when it returns, and what they held is given back.</summary>
internal static class GroupCures
{
    internal static readonly (string, Func<SimulationWorld, Coroutine>)[] All =
    [
        ("failure in a group", FailureAsync), ("all", AllAsync), ("all settled", SettledAsync), ("race", RaceAsync), ("results nobody sees", UnseenAsync), ("each as it ends", EachAsync),
        ("handshake", HandshakeAsync), ("handshake that fails", HandshakeFailsAsync),
    ];

    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(1);

    private static TimeSpan Short(SimulationWorld world) => TimeSpan.FromMilliseconds(world.Random.Next(1, 4));

    private static async Coroutine FailureAsync(SimulationWorld world)
    {
        var running = 0;
        var isTold = false;
        try
        {
            await TaskGroup.RunAsync(async group =>
            {
                group.Start(() => RunAsync(s_long));
                group.Start(async () =>
                {
                    await Coroutine.Delay(Short(world));
                    throw new FormatException("a child");
                });
                await RunAsync(s_long);
            });
        }
        catch (AggregateException failures) when (failures.TryFind<FormatException>(out _))
        {
            isTold = true;
        }

        world.Always(isTold && running == 0 && EventLoop.Current.Now < s_long, "a failure ends the group, and is told when all have ended");

        async Coroutine RunAsync(TimeSpan time)
        {
            running++;
            try
            {
                await Coroutine.Delay(time);
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(Short(world)));
                running--;
            }
        }
    }

    private static async Coroutine AllAsync(SimulationWorld world)
    {
        var running = 0;
        await CancelScope.MoveOnAfterAsync(Short(world), async _ => await Coroutine.WhenAll(RunAsync(), RunAsync()));
        world.Always(running == 0, "all have ended when it returns");

        async Coroutine RunAsync()
        {
            running++;
            try
            {
                await Coroutine.Delay(Short(world));
            }
            finally
            {
                await CancelScope.ShieldAsync(() => Coroutine.Delay(Short(world)));
                running--;
            }
        }
    }

    private static async Coroutine SettledAsync(SimulationWorld world)
    {
        var isPast = false;
        await CancelScope.RunAsync(async scope =>
        {
            await TaskGroup.RunAsync(async group =>
            {
                group.Start(async () =>
                {
                    await Coroutine.Delay(Short(world));
                    scope.Cancel();
                });
                await Coroutine.WhenAllSettled(Coroutine.Delay(s_long), Coroutine.Delay(s_long));
                isPast = true;
            });
        });
        world.Always(!isPast, "its caller's cancellation is not swallowed");
    }

    private static async Coroutine RaceAsync(SimulationWorld world)
    {
        var prizes = new List<Prize>();
        var winner = await Coroutine.Race(RunAsync(1), RunAsync(2), RunAsync(3));
        world.Always(winner.IsFirst && !winner.IsGivenBack, "the first to end has won");
        world.Always(prizes.Count(static prize => !prize.IsGivenBack) == 1, "what the others had got is given back");

        async Coroutine<Prize> RunAsync(int number)
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(world.Random.Next(1, 3)));
            var prize = new Prize(prizes.Count == 0);
            prizes.Add(prize);
            return prize;
        }
    }

    private static async Coroutine UnseenAsync(SimulationWorld world)
    {
        var prizes = new List<Prize>();
        try
        {
            await Coroutine.WhenAll(GetAsync(), GetAsync(), FailAsync());
        }
        catch (FormatException)
        {
            world.Always(prizes.TrueForAll(static prize => prize.IsGivenBack), "results that nobody gets are disposed of");
        }

        async Coroutine<Prize> GetAsync()
        {
            await Coroutine.Delay(Short(world));
            prizes.Add(new(isFirst: true));
            return prizes[^1];
        }

        async Coroutine<Prize> FailAsync()
        {
            await Coroutine.Delay(Short(world));
            throw new FormatException("one of them");
        }
    }

    private static async Coroutine EachAsync(SimulationWorld world)
    {
        var seen = 0;
        await foreach (var task in Coroutine.WhenEach(Coroutine.Delay(Short(world)), Coroutine.Delay(Short(world)), Coroutine.Yield()))
        {
            world.Always(task.IsCompletedSuccessfully, "what is given out has ended");
            seen++;
        }

        world.Always(seen == 3, "each is given out");
    }

    private static async Coroutine HandshakeAsync(SimulationWorld world)
    {
        await TaskGroup.RunAsync(async group =>
        {
            var child = 0;
            await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(1), async _ =>
            {
                child = await group.StartAsync<int>(async started =>
                {
                    await CancelScope.ShieldAsync(() => Coroutine.Delay(TimeSpan.FromMilliseconds(2)));
                    started.Set(1);
                    await CancelScope.ShieldAsync(() => Coroutine.Delay(s_long));
                });
            });
            world.Always(EventLoop.Current.Now < s_long, "who has started lets its starter go on");
            group.Cancel();
        });
    }

    private static async Coroutine HandshakeFailsAsync(SimulationWorld world)
    {
        var isTold = false;
        await TaskGroup.RunAsync(async group =>
        {
            try
            {
                await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(1), async _ => await group.StartAsync<int>(static async started =>
                {
                    await CancelScope.ShieldAsync(() => Coroutine.Delay(TimeSpan.FromMilliseconds(2)));
                    throw new FormatException("before the start");
                }));
            }
            catch (FormatException)
            {
                isTold = true;
            }
        });
        world.Always(isTold, "a failure before the start is the starter's");
    }

    private sealed class Prize(bool isFirst) : IDisposable
    {
        internal bool IsFirst { get; } = isFirst;

        internal bool IsGivenBack { get; private set; }

        public void Dispose() => IsGivenBack = true;
    }
}
