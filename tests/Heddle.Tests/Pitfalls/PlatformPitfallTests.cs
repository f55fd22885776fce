using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Heddle.Testing;

namespace Heddle.Tests.Pitfalls;

/// <summary>What goes wrong at the border to .NET.</summary>
public class PlatformPitfallTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Fact]
    [Trait("pitfall", "30")]
    public void A_foreign_awaiter_that_calls_back_twice_is_heard_once() => VirtualTime.Run(async () =>
    {
        var awaitable = new ManualAwaitable();
        var resumed = 0;
        var task = LoopTask.Start(async () =>
        {
            await awaitable;
            resumed++;
            await Coroutine.Delay(s_second);
            resumed++;
        });
        await Coroutine.Yield();
        awaitable.CallBack();
        awaitable.CallBack();
        await Coroutine.Yield();
        await Coroutine.Yield();
        Assert.Equal(1, resumed);
        await task;
        Assert.Equal(s_second, EventLoop.Current.Now);
    });

    [Theory]
    [Trait("pitfall", "30")]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_foreign_awaiter_that_calls_back_again_when_its_wait_is_long_over_ends_no_other(bool isValueTask, bool onOtherThread) => EventLoop.Run(async () =>
    {
        var twice = new TwiceSource();
        for (var i = 0; i < 3; i++)
        {
            var first = LoopTask.Start(async () =>
            {
                if (isValueTask)
                {
                    await new ValueTask<int>(twice, 0);
                }
                else
                {
                    await twice;
                }
            });
            await Coroutine.Yield();
            await CallAsync();
            await first;

            // Of each kind one that waits for something which has not ended.
            var neverTask = new TaskCompletionSource<int>();
            var neverValue = new TwiceSource();
            var neverCustom = new TwiceSource();
            LoopTask[] innocent =
            [
                LoopTask.Start(async () => await neverTask.Task),
                LoopTask.Start(async () => await new ValueTask<int>(neverTask.Task)),
                LoopTask.Start(async () => await new ValueTask<int>(neverValue, 0)),
                LoopTask.Start(async () => await neverCustom),
            ];
            await Coroutine.Yield();
            await CallAsync();
            await CallAsync();
            await Coroutine.Yield();
            await Coroutine.Yield();
            Assert.All(innocent, static task => Assert.Contains("foreign", task.WaitsFor));
            neverTask.SetResult(1);
            neverValue.CallBack();
            neverCustom.CallBack();
            foreach (var task in innocent)
            {
                await task;
            }

            twice.Reset();
        }

        async Coroutine CallAsync()
        {
            if (onOtherThread)
            {
                await Task.Run(twice.CallBack).OrCanceled();
            }
            else
            {
                twice.CallBack();
            }
        }
    });

    [Fact]
    [Trait("pitfall", "31")]
    public void An_awaiter_that_throws_at_its_registration_fails_the_task_that_awaits_it_and_no_other() => VirtualTime.Run(async () =>
    {
        var other = LoopTask.Start(async () =>
        {
            await Coroutine.Delay(s_second);
            return 1;
        });
        var task = LoopTask.Start(async () => await new ThrowingAwaitable(), "unlucky");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () => await task);
        Assert.IsType<InvalidTimeZoneException>(failure.InnerException);
        Assert.Contains(nameof(ThrowingAwaitable), failure.Message);
        Assert.Equal(1, await other);
    });

    [Fact]
    [Trait("pitfall", "31")]
    public void Registering_a_spent_awaiter_posts_and_the_error_comes_from_its_result() => VirtualTime.Run(async () =>
    {
        static async Coroutine BodyAsync()
        {
        }

        var awaiter = BodyAsync().GetAwaiter();
        var calls = 0;
        awaiter.OnCompleted(() => calls++);
        awaiter.OnCompleted(() => calls++);
        Assert.Equal(0, calls);
        await Coroutine.Delay(s_second);
        Assert.Equal(2, calls);
        awaiter.GetResult();
        Assert.Throws<InvalidOperationException>(() => awaiter.GetResult());
    });

    [Fact]
    [Trait("pitfall", "32")]
    public void A_failure_is_not_hidden_by_clean_up_in_a_cancelled_scope() => VirtualTime.Run(async () =>
    {
        await CancelScope.RunAsync(async scope =>
        {
            InvalidTimeZoneException? caught = null;
            try
            {
                try
                {
                    scope.Cancel();
                    throw new InvalidTimeZoneException("first");
                }
                finally
                {
                    await CancelScope.ShieldAsync(s_second, () => Coroutine.Delay(TimeSpan.FromMilliseconds(1)));
                }
            }
            catch (InvalidTimeZoneException failure)
            {
                caught = failure;
            }

            Assert.Equal("first", caught?.Message);
        });
    });

    [Fact]
    [Trait("pitfall", "32")]
    public void A_shielded_clean_up_can_have_a_deadline() => VirtualTime.Run(async () =>
    {
        var timedOut = false;
        await CancelScope.RunAsync(async scope =>
        {
            scope.Cancel();
            try
            {
                await CancelScope.ShieldAsync(s_second, () => Coroutine.Delay(s_hour));
            }
            catch (TimeoutException)
            {
                timedOut = true;
            }
        });
        Assert.True(timedOut);
        Assert.Equal(s_second, EventLoop.Current.Now);
    });

    [Fact]
    [Trait("pitfall", "26")]
    [Trait("pitfall", "29")]
    public void A_frame_from_the_pool_returns_to_nobody_but_its_own_awaiter() => VirtualTime.Run(async () =>
    {
        static async Coroutine<int> ValueAsync(int value)
        {
            await Coroutine.Yield();
            return value;
        }

        for (var round = 0; round < 3; round++)
        {
            var tasks = Enumerable.Range(0, 100).Select(i => LoopTask.Start(ValueAsync(i))).ToArray();
            for (var i = 0; i < tasks.Length; i++)
            {
                Assert.Equal(i, await tasks[i]);
            }

            Assert.Equal(round, await ValueAsync(round));
        }
    });

    private sealed class ManualAwaitable : INotifyCompletion
    {
        private Action? _continuation;

        public bool IsCompleted => false;

        public ManualAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => _continuation = continuation;

        internal void CallBack() => _continuation!();
    }

    /// <summary>Calls back as often as it is told to.</summary>
    private sealed class TwiceSource : INotifyCompletion, IValueTaskSource<int>
    {
        private Action? _continuation;
        private volatile bool _hasEnded;

        public bool IsCompleted => _hasEnded;

        public TwiceSource GetAwaiter() => this;

        public int GetResult() => _hasEnded ? 1 : throw new InvalidOperationException("It has not ended.");

        public int GetResult(short token) => GetResult();

        public ValueTaskSourceStatus GetStatus(short token) => _hasEnded ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action continuation) => _continuation = continuation;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
            => _continuation = () => continuation(state);

        internal void CallBack()
        {
            _hasEnded = true;
            _continuation!();
        }

        internal void Reset() => _hasEnded = false;
    }

    private sealed class ThrowingAwaitable : INotifyCompletion
    {
        public bool IsCompleted => false;

        public ThrowingAwaitable GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => throw new InvalidTimeZoneException();
    }
}
