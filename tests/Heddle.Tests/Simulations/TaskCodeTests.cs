using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>Ordinary <see cref="Task"/> code under exploration: no coroutine in it.</summary>
public class TaskCodeTests
{
    private const int Runs = 400;

    public static TheoryData<string> Programs => [.. TaskPrograms.All.Keys];

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_race_is_found_and_shown_and_the_recording_repeats_it(string program)
    {
        var body = TaskPrograms.All[program](false);
        var failure = Assert.Throws<SimulationFailedException>(() => Simulation.ExploreTasks(body));
        Assert.Contains("\": is false.", failure.Message);
        Assert.Contains("Simulation.ReplayTasks(", failure.Message);
        Assert.Contains(" step │", failure.Message);
        Assert.Matches(@":\d+ → ", failure.Message);
        Assert.Throws<SimulationFailedException>(() => Simulation.ReplayTasks(failure.Recording, body));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_is_right_passes(string program)
    {
        var summary = Simulation.ExploreTasks(TaskPrograms.All[program](true), new() { Runs = Runs, Time = Timeout.InfiniteTimeSpan });
        Assert.Equal(Runs, summary.Runs);
        Assert.Null(summary.FromOutside);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_seed_gives_one_order_each_time(string program)
    {
        var body = TaskPrograms.All[program](true);
        for (ulong seed = 1; seed <= 2; seed++)
        {
            var hashes = Enumerable.Range(0, 20).Select(_ => Simulation.ReplayTasks(seed, body).Hash).ToHashSet();
            Assert.Single(hashes);
        }
    }

    [Fact]
    public void Whose_turn_it_is_after_an_await_is_a_choice()
    {
        var orders = new HashSet<string>();
        Simulation.ExploreTasks(
            async () =>
            {
                var order = "";
                async Task NoteAsync(char name)
                {
                    for (var i = 0; i < 3; i++)
                    {
                        order += name;
                        await Task.Yield();
                    }
                }

                await Task.WhenAll(NoteAsync('a'), NoteAsync('b'), NoteAsync('c'));
                orders.Add(order);
            },
            new() { Runs = 200, Time = Timeout.InfiniteTimeSpan });
        Assert.True(orders.Count > 30, $"only {orders.Count} orders");
    }

    [Fact]
    public void Which_piece_of_work_the_pool_does_next_is_a_choice()
    {
        var orders = new HashSet<string>();
        Simulation.ExploreTasks(
            async () =>
            {
                var order = "";
                await Task.WhenAll("abc".Select(name => Task.Run(() => order += name)));
                orders.Add(order);
            },
            new() { Runs = 200, Time = Timeout.InfiniteTimeSpan });
        Assert.Equal(["abc", "acb", "bac", "bca", "cab", "cba"], orders.Order());
    }

    [Fact]
    public void Time_passes_when_nothing_is_ready()
    {
        var summary = Simulation.ExploreTasks(
            async world =>
            {
                var time = world.TimeProvider;
                var start = time.GetTimestamp();
                using var patience = new CancellationTokenSource(TimeSpan.FromDays(1), time);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.InfiniteTimeSpan, time, patience.Token));
                await Assert.ThrowsAsync<TimeoutException>(() => new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromDays(1), time));
                using var timer = new PeriodicTimer(TimeSpan.FromDays(1), time);
                await timer.WaitForNextTickAsync();
                await Task.WhenAny(Task.Delay(TimeSpan.FromDays(1), time), Task.Delay(TimeSpan.FromDays(20), time));
                world.Always(time.GetElapsedTime(start) == TimeSpan.FromDays(4), "four days have passed");
            },
            new() { Runs = 20 });
        Assert.Null(summary.FromOutside);
    }

    [Fact]
    public void A_deadlock_says_who_waits_where()
    {
        var failure = Fails(async () =>
        {
            SemaphoreSlim first = new(1), second = new(1);
            async Task TakeAsync(SemaphoreSlim one, SemaphoreSlim other)
            {
                await one.WaitAsync();
                await Task.Yield();
                await other.WaitAsync();
                other.Release();
                one.Release();
            }

            await Task.WhenAll(TakeAsync(first, second), TakeAsync(second, first));
        });
        Assert.StartsWith("Deadlock: ", failure.Message);
        Assert.Contains("waits for await Task.WhenAll in", failure.Message);
        Assert.Contains("waits for await SemaphoreSlim.WaitAsync in", failure.Message);
    }

    [Fact]
    public void A_method_that_fails_and_is_not_awaited_is_a_failure()
    {
        var failure = Fails(async world =>
        {
            async Task RefreshAsync()
            {
                await Task.Yield();
                throw new IOException("down");
            }

            _ = RefreshAsync();
            await Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider);
        });
        Assert.StartsWith("TaskCodeTests.RefreshAsync has failed, and nobody has awaited it: IOException: down", failure.Message);
    }

    [Fact]
    public void What_an_async_void_method_throws_is_a_failure()
    {
        var failure = Fails(async world =>
        {
            static async void Forget()
            {
                await Task.Yield();
                throw new IOException("down");
            }

            Forget();
            await Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider);
        });
        Assert.StartsWith("IOException: down", failure.Message);
    }

    [Fact]
    public void Code_that_blocks_for_what_needs_its_thread_fails()
    {
        var failure = Fails(
            async world =>
            {
                await Task.Yield();

                // Virtual, and never over: it is what the search has to refuse.
                Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider).Wait(TestContext.Current.CancellationToken);
            },
            new() { BlockingGrace = TimeSpan.FromMilliseconds(10) });
        Assert.Contains("The code blocks its thread", failure.Message);
    }

    [Fact]
    public void A_timer_of_dotnet_is_refused_with_where_the_program_stands()
    {
        // Real: this wait is what the search has to refuse.
        var failure = Fails(async () => await Task.Delay(50, TestContext.Current.CancellationToken));
        Assert.StartsWith("The program is reached from outside of the simulation: something came from another thread", failure.Message);
        Assert.Contains("await Task.Delay in", failure.Message);
    }

    [Fact]
    public void What_a_run_leaves_behind_does_not_reach_the_next_one()
    {
        var late = 0;
        Task? left = null;
        var summary = Simulation.ExploreTasks(
            async world =>
            {
                async Task LingerAsync()
                {
                    await new TaskCompletionSource().Task.WaitAsync(TimeSpan.FromHours(1), world.TimeProvider);
                    late++;
                }

                _ = LingerAsync();
                await Task.Run(static () => { });
                if (left is null)
                {
                    // Real, and not awaited: it is over while a later run is made, which waits for that in real time.
                    left = new SemaphoreSlim(0).WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
                }
                else
                {
                    // For what the run before has left behind.
                    SpinWait.SpinUntil(() => left.IsCompleted);
                }
            },
            new() { Runs = 50, Time = Timeout.InfiniteTimeSpan });
        Assert.Equal(0, late);
        Assert.Equal(50, summary.Runs);
    }

    [Fact]
    public void What_refers_to_itself_can_be_posted()
        => Simulation.ExploreTasks(
            static async world =>
            {
                var signal = new Signal();
                SynchronizationContext.Current!.Post(static state => ((Signal)state!).Fire(), signal);
                await Task.Yield();
                await Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider);
                world.Always(signal.IsFired, "it is heard");
            },
            new() { Runs = 20 });

    [Fact]
    public void A_progress_keeps_its_order()
        => Simulation.ExploreTasks(
            async world =>
            {
                var seen = new List<int>();
                var progress = new Progress<int>(seen.Add);
                async Task ReportAsync(int from)
                {
                    for (var i = 0; i < 3; i++)
                    {
                        ((IProgress<int>)progress).Report(from + i);
                        await Task.Yield();
                    }
                }

                await Task.WhenAll(ReportAsync(0), ReportAsync(10));
                await Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider);
                world.Always(seen.Where(static i => i < 10).SequenceEqual([0, 1, 2]) && seen.Count == 6, "what one reports is heard in order");
            },
            new() { Runs = 200, Time = Timeout.InfiniteTimeSpan });

    [Fact]
    public void An_edit_elsewhere_does_no_harm_to_a_recording()
    {
        static Func<SimulationWorld, Task> Program(bool isEdited) => async world =>
        {
            var tickets = 1;
            async Task BuyAsync()
            {
                await Task.Yield();
                if (tickets > 0)
                {
                    await Task.Delay(TimeSpan.Zero, world.TimeProvider);
                    await Task.Yield();
                    tickets--;
                }
            }

            async Task BrowseAsync()
            {
                for (var i = 0; i < (isEdited ? 7 : 5); i++)
                {
                    await Task.Yield();
                }

                await BuyAsync();
            }

            if (isEdited)
            {
                await Task.Yield();
            }

            await Task.WhenAll(BuyAsync(), BrowseAsync());
            world.Always(tickets == 0, "the ticket is sold once");
        };

        var failure = Fails(Program(false));
        Assert.Throws<SimulationFailedException>(() => Simulation.ReplayTasks(failure.Recording, Program(true)));
    }

    private sealed class Signal
    {
        private readonly Action _continuation;

        public Signal() => _continuation = () => IsFired = true;

        public bool IsFired { get; private set; }

        public void Fire() => _continuation();
    }

    private static SimulationFailedException Fails(Func<SimulationWorld, Task> body, SimulationOptions? options = null)
        => Assert.Throws<SimulationFailedException>(() => Simulation.ExploreTasks(body, options));

    private static SimulationFailedException Fails(Func<Task> body) => Fails(_ => body());
}
