namespace Heddle.Tests;

/// <summary>What tests on a loop expect.</summary>
internal static class Expect
{
    internal static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Runs the body in the current task and returns what it throws. Anything else passes.</summary>
    internal static async Coroutine<TException> ThrowsAsync<TException>(Func<Coroutine> body)
        where TException : Exception
    {
        try
        {
            await body();
        }
        catch (TException failure)
        {
            return failure;
        }

        throw new Xunit.Sdk.XunitException($"No {typeof(TException).Name} was thrown.");
    }

    /// <summary>Waits for something real without being silent: a clock that jumps into timeouts stands still meanwhile.</summary>
    internal static async Coroutine HappensAsync(Task something)
    {
        for (var looks = 0; !something.IsCompleted; looks++)
        {
            Assert.True(looks < 20_000, "It does not happen.");

            // Real: each one is a sign of life.
            await Task.Delay(5).OrCanceled();
        }
    }

    /// <summary>Waits until nobody else can go on, in whichever order they do so: only then time passes, of which this takes a little.</summary>
    internal static Coroutine SettleAsync() => Coroutine.Delay(TimeSpan.FromMilliseconds(1));

    /// <summary>Sleeps for so long, then fails.</summary>
    internal static async Coroutine FailAfterAsync(TimeSpan delay, Exception failure)
    {
        await Coroutine.Delay(delay);
        throw failure;
    }

    /// <summary>Sleeps until it is cancelled, and then fails in its clean-up.</summary>
    internal static async Coroutine FailWhenCancelledAsync(Exception failure)
    {
        try
        {
            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
        }
        finally
        {
            throw failure;
        }
    }

    internal static async Coroutine<T> ValueAfterAsync<T>(TimeSpan delay, T value)
    {
        await Coroutine.Delay(delay);
        return value;
    }
}
