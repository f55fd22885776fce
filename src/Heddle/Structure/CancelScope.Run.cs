namespace Heddle;

/// <content>Entering and leaving.</content>
public sealed partial class CancelScope
{
    /// <summary>Runs the body in a new scope.</summary>
    /// <returns>True if the body ran to its end; false if it ended because this scope was cancelled.</returns>
    public static async Coroutine<bool> RunAsync(Func<CancelScope, Coroutine> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return (await EnterAsync(body, Timeout.InfiniteTimeSpan, isShield: false)).IsSuccess;
    }

    /// <summary>Runs the body in a new scope.</summary>
    /// <returns>The body's result, or a cancelled outcome if it ended because this scope was cancelled.</returns>
    public static Coroutine<Outcome<T>> RunAsync<T>(Func<CancelScope, Coroutine<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return EnterAsync(body, Timeout.InfiniteTimeSpan, isShield: false);
    }

    /// <summary>The one way into a scope. A failure of the body is thrown; only the scope's own cancellation is an outcome.</summary>
    private static async Coroutine<Outcome> EnterAsync(Func<CancelScope, Coroutine> body, TimeSpan timeout, bool isShield)
    {
        var runner = LoopTask.CurrentOrThrow();
        var scope = runner.EnterScope(isShield);
        try
        {
            scope.ExpireAfter(timeout);
            await body(scope);
            if (scope.HoldsResources)
            {
                await scope.CloseResourcesAsync();
            }

            return default;
        }
        catch (Exception failure)
        {
            if (scope.HoldsResources)
            {
                await scope.CloseResourcesAsync(isFailing: true);
            }

            var remaining = scope.Settle(failure);
            if (remaining is null)
            {
                return new(scope.CreateCancellation());
            }

            if (ReferenceEquals(remaining, failure))
            {
                throw;
            }

            throw remaining;
        }
        finally
        {
            runner.ExitScope(scope);
        }
    }

    /// <inheritdoc cref="EnterAsync(Func{CancelScope, Coroutine}, TimeSpan, bool)"/>
    private static async Coroutine<Outcome<T>> EnterAsync<T>(Func<CancelScope, Coroutine<T>> body, TimeSpan timeout, bool isShield)
    {
        var runner = LoopTask.CurrentOrThrow();
        var scope = runner.EnterScope(isShield);
        try
        {
            scope.ExpireAfter(timeout);
            var result = await body(scope);
            if (scope.HoldsResources)
            {
                await scope.CloseResourcesAsync();
            }

            return new(result);
        }
        catch (Exception failure)
        {
            if (scope.HoldsResources)
            {
                await scope.CloseResourcesAsync(isFailing: true);
            }

            var remaining = scope.Settle(failure);
            if (remaining is null)
            {
                return new(new Outcome(scope.CreateCancellation()));
            }

            if (ReferenceEquals(remaining, failure))
            {
                throw;
            }

            throw remaining;
        }
        finally
        {
            runner.ExitScope(scope);
        }
    }
}
