using Heddle.LowLevel;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

/// <summary>What a wait, a callback or a report's sink throws is the failure of that one, and never the loop's.</summary>
public class ContainmentTests
{
    public static TheoryData<string> Beginnings => ["throws", "resumes and throws", "fails and throws", "is cancelled and throws"];

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void What_the_beginning_of_a_wait_throws_the_await_throws_and_others_go_on(string how) => VirtualTime.Run(async () =>
    {
        var cleaned = false;
        var other = LoopTask.Start(async () =>
        {
            try
            {
                await Coroutine.Delay(Hour);
            }
            finally
            {
                cleaned = true;
            }
        });
        await Coroutine.Yield();
        await CancelScope.RunAsync(async scope =>
        {
            await ThrowsAsync<FormatException>(async () => await Suspend.UntilResumedAsync<int, int>(
                0, (resumption, _) => Begin(how, resumption, scope), static _ => true, "something of the test's"));
        });
        await Coroutine.Yield();
        Assert.False(other.IsCompleted);
        other.Cancel();
        await LoopTask.WhenAny(other);
        Assert.True(cleaned);
    });

    [Fact]
    public void An_object_that_a_wait_broke_in_serves_later_waits() => VirtualTime.Run(async () =>
    {
        for (var round = 0; round < 100; round++)
        {
            var how = Beginnings.ElementAt(round % 4).Data;
            await CancelScope.RunAsync(async scope =>
                await ThrowsAsync<FormatException>(async () => await Suspend.UntilResumedAsync<int, int>(
                    0, (resumption, _) => Begin(how, resumption, scope), static _ => true, "something of the test's")));
            Assert.Equal(round, await Suspend.UntilResumedAsync<int, int>(round, static (r, n) => r.TryResume(n), static _ => true, "n"));
        }
    });

    [Fact]
    public void A_context_that_a_step_has_set_is_kept_when_the_wait_at_its_end_throws() => VirtualTime.Run(async () =>
    {
        var local = new AsyncLocal<int> { Value = 1 };
        await ThrowsAsync<FormatException>(async () =>
        {
            local.Value = 2;
            try
            {
                await Suspend.UntilResumedAsync<int, int>(0, static (_, _) => throw new FormatException(), static _ => true, "nothing");
            }
            finally
            {
                Assert.Equal(2, local.Value);
            }
        });
        Assert.Equal(1, local.Value);
    });

    [Fact]
    public void A_report_handler_that_throws_ends_nothing()
    {
        var told = 0;
        var after = false;
        VirtualTime.Run(
            async () =>
            {
                for (var i = 0; i < 3; i++)
                {
                    EventLoop.Current.Post(static () => throw new FormatException());
                    new LoopTimer(EventLoop.Current, static () => throw new FormatException()).Schedule(Second);
                }

                await Coroutine.Delay(Second * 2);
                after = true;
            },
            new()
            {
                OnReport = _ =>
                {
                    told++;
                    throw new InvalidTimeZoneException("the handler's own");
                },
            });
        Assert.Equal(6, told);
        Assert.True(after);
    }

    [Theory]
    [InlineData("takes in")]
    [InlineData("gives out")]
    [InlineData("gives out a stranger")]
    public void A_ready_queue_that_fails_is_reported_once_and_no_task_is_lost(string when)
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var tasks = Enumerable.Range(0, 10).Select(static _ => LoopTask.Start(async () =>
                {
                    for (var i = 0; i < 10; i++)
                    {
                        await Coroutine.Yield();
                    }
                })).ToArray();
                foreach (var task in tasks)
                {
                    await task;
                }
            },
            new() { ReadyQueue = () => new FailingQueue(when), OnReport = reports.Add });
        Assert.Contains("FailingQueue failed, so the loop goes on first come, first served", Assert.Single(reports).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    public async Task A_program_whose_standard_error_takes_nothing_goes_on(string redirection)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is redirected by a shell.");
        var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        using var program = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"exec dotnet '{path}' unheard {redirection}"]) { RedirectStandardOutput = true })!;
        Assert.Equal("done", (await program.StandardOutput.ReadToEndAsync()).Trim());
        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
    }

    [Fact]
    public void Of_timers_that_are_due_at_once_one_that_throws_keeps_no_other_back()
    {
        var reports = new List<LoopReport>();
        VirtualTime.Run(
            async () =>
            {
                var fired = 0;
                for (var i = 0; i < 10; i++)
                {
                    var throws = i % 2 == 0;
                    new LoopTimer(EventLoop.Current, () =>
                    {
                        fired++;
                        if (throws)
                        {
                            throw new FormatException();
                        }
                    }).Schedule(Second);
                }

                await Coroutine.Delay(Second * 2);
                Assert.Equal(10, fired);
            },
            new() { OnReport = reports.Add });
        Assert.Equal(5, reports.Count);
        Assert.All(reports, static report => Assert.IsType<FormatException>(report.Exception));
    }

    [Fact]
    public void A_wait_of_the_librarys_own_whose_beginning_throws_fails_alone_and_later_ones_are_well()
    {
        var clock = new FailingClock();
        var local = new AsyncLocal<int>();
        EventLoop.Run(
            async () =>
            {
                var other = LoopTask.Start(Coroutine.Delay(Hour));
                await Coroutine.Yield();
                for (var round = 1; round <= 20; round++)
                {
                    local.Value = round;
                    clock.FailsOnce = true;
                    await ThrowsAsync<InvalidTimeZoneException>(() => Coroutine.Delay(Second));
                    Assert.Equal(round, local.Value);
                    await Coroutine.Delay(TimeSpan.FromMilliseconds(0.1));
                }

                Assert.False(other.IsCompleted);
                other.Cancel();
            },
            new() { Clock = clock });
    }

    [Fact]
    public void A_wait_that_is_the_first_of_its_task_fails_the_task_when_its_beginning_throws()
    {
        var clock = new FailingClock();
        EventLoop.Run(
            async () =>
            {
                var task = LoopTask.Start(Coroutine.Delay(Second));
                clock.FailsOnce = true;
                await LoopTask.WhenAny(task);
                Assert.IsType<InvalidTimeZoneException>(task.Exception);
            },
            new() { Clock = clock });
    }

    /// <summary>The system's, which throws when a delay begins and asks it.</summary>
    private sealed class FailingClock : TimeProvider
    {
        internal bool FailsOnce { get; set; }

        public override long GetTimestamp()
        {
            if (FailsOnce)
            {
                FailsOnce = false;
                throw new InvalidTimeZoneException("the clock's");
            }

            return base.GetTimestamp();
        }
    }

    private static void Begin(string how, Resumption<int> resumption, CancelScope scope)
    {
        _ = how switch
        {
            "resumes and throws" => resumption.TryResume(1),
            "fails and throws" => resumption.TryFail(new InvalidTimeZoneException()),
            _ => false,
        };
        if (how == "is cancelled and throws")
        {
            scope.Cancel();
        }

        throw new FormatException();
    }

    private sealed class FailingQueue(string when) : IReadyQueue
    {
        private readonly Queue<LoopTask> _tasks = new();
        private int _turns;

        public void Enqueue(LoopTask task)
        {
            if (when == "takes in" && ++_turns == 20)
            {
                throw new FormatException();
            }

            _tasks.Enqueue(task);
        }

        public LoopTask Dequeue()
        {
            var task = _tasks.Dequeue();
            return when == "takes in" || ++_turns < 20 ? task
                : when == "gives out" ? throw new FormatException()
                : LoopTask.Current ?? null!;
        }
    }
}
