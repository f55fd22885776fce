using Heddle.Testing;

namespace Heddle.Tests.Structure;

/// <summary>Random programs of scopes, groups, shields, timeouts and waits, cancelled at random moments.</summary>
public class RandomTreeTests
{
    [Fact]
    public void Whatever_is_cancelled_when_everything_ends_and_every_clean_up_runs_once()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var reports = new List<LoopReport>();
            var program = new RandomProgram(seed);
            try
            {
                VirtualTime.Run(program.RunAsync, new() { OnReport = reports.Add, IdleGrace = TimeSpan.FromMilliseconds(1) });
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}: {failure}");
            }

            Assert.True(reports.Count == 0, $"seed {seed}: {string.Join("; ", reports)}");
            Assert.True(program.Entered == program.Left, $"seed {seed}: {program.Entered} entered, {program.Left} left");
            Assert.True(program.ShieldsBegun == program.ShieldsEnded, $"seed {seed}: a shielded part was cut short");
        }
    }

    private sealed class RandomProgram(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<CancelScope> _scopes = [];
        private readonly List<LoopTask> _tasks = [];

        internal int Entered { get; private set; }

        internal int Left { get; private set; }

        internal int ShieldsBegun { get; private set; }

        internal int ShieldsEnded { get; private set; }

        internal async Coroutine RunAsync()
        {
            var main = LoopTask.Start(() => NodeAsync(5), "tree");
            for (var i = 0; i < 6; i++)
            {
                await Coroutine.Delay(TimeSpan.FromMilliseconds(_random.Next(6)));
                CancelSomething();
            }

            await LoopTask.WhenAny(main);
            Assert.False(main.IsFaulted, main.ToString());
            await Coroutine.Yield();
            Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
        }

        private void CancelSomething()
        {
            if (_random.Next(3) == 0 && _tasks.Count > 0)
            {
                _tasks[_random.Next(_tasks.Count)].Cancel("by chance");
            }
            else if (_scopes.Count > 0)
            {
                _scopes[_random.Next(_scopes.Count)].Cancel("by chance");
            }
        }

        private async Coroutine NodeAsync(int depth)
        {
            Entered++;
            try
            {
                await BodyAsync(depth);
                if (_random.Next(8) == 0)
                {
                    CancelSomething();
                }

                await Coroutine.Yield();
            }
            finally
            {
                Left++;
            }
        }

        private async Coroutine BodyAsync(int depth)
        {
            switch (depth == 0 ? 0 : _random.Next(11))
            {
                case 0 or 1:
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(_random.Next(10)));
                    break;
                case 2:
                    await CancelScope.RunAsync(scope => InScopeAsync(scope, depth));
                    break;
                case 3:
                    await CancelScope.MoveOnAfterAsync(TimeSpan.FromMilliseconds(_random.Next(8)), scope => InScopeAsync(scope, depth));
                    break;
                case 4:
                    ShieldsBegun++;
                    await CancelScope.ShieldAsync(async () =>
                    {
                        await Coroutine.Delay(TimeSpan.FromMilliseconds(_random.Next(4)));
                        ShieldsEnded++;
                    });
                    break;
                case 5 or 6:
                    await TaskGroup.RunAsync(
                        async group =>
                        {
                            _scopes.Add(group.Scope);
                            for (var i = _random.Next(4); i >= 0; i--)
                            {
                                _tasks.Add(group.Start(NodeAsync(depth - 1)));
                            }

                            await NodeAsync(depth - 1);
                        },
                        new() { MaxConcurrency = _random.Next(2) == 0 ? int.MaxValue : 1 + _random.Next(2) });
                    break;
                case 7:
                    await Coroutine.WhenAllSettled(NodeAsync(depth - 1), NodeAsync(depth - 1));
                    break;
                case 8:
                    await Coroutine.Race(NodeAsync(depth - 1), NodeAsync(depth - 1));
                    break;
                case 9:
                    await foreach (var task in Coroutine.WhenEach(NodeAsync(depth - 1), NodeAsync(depth - 1)))
                    {
                        if (_random.Next(2) == 0)
                        {
                            break;
                        }
                    }

                    break;
                default:
                    await ForeignAsync(depth);
                    break;
            }
        }

        private async Task ForeignAsync(int depth)
        {
            await NodeAsync(depth - 1);
            await Task.Yield();
            await NodeAsync(depth - 1);
        }

        private async Coroutine InScopeAsync(CancelScope scope, int depth)
        {
            _scopes.Add(scope);
            await NodeAsync(depth - 1);
        }
    }
}
