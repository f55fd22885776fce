namespace Heddle;

/// <summary>Delegating to an asynchronous generator, or sequence, from the body of another one.</summary>
public static class AsyncDelegation
{
    /// <summary>Yields all that the other one yields; what is sent and thrown goes to that one, and closing reaches it first.</summary>
    /// <remarks>
    /// For the body of an asynchronous generator. A step costs as much more as there are generators that delegate to each other.
    /// One that has ended before yields nothing and returns the default value.
    /// </remarks>
    /// <returns>What the other one returned.</returns>
    public static async Coroutine<TReturn> YieldFrom<TYield, TSend, TReturn>(
        this GeneratorHandle<TYield, TSend> co, AsyncGenerator<TYield, TSend, TReturn> inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (inner.State == GeneratorState.Closed)
        {
            return default!;
        }

        // PEP 380 spells it out like this.
        var goesOn = await inner.MoveNextAsync();
        while (goesOn)
        {
            TSend sent = default!;
            Exception? thrown = null;
            try
            {
                sent = await co.Yield(inner.Current);
            }
            catch (GeneratorExitException)
            {
                await inner.CloseAsync();
                throw;
            }
            catch (Exception failure)
            {
                thrown = failure;
            }

            goesOn = await (thrown is null ? inner.MoveNextAsync(sent) : inner.ThrowIntoAsync(thrown));
        }

        return inner.Result;
    }

    /// <summary>Yields the items of an asynchronous sequence, which takes nothing that is sent.</summary>
    /// <remarks>A value sent meanwhile is an error in the body. Its waits are foreign: a cancelled scope does not break them off. Pass <c>items.OrCanceled()</c> for those that it is to.</remarks>
    public static async Coroutine YieldFrom<TYield, TSend>(this GeneratorHandle<TYield, TSend> co, IAsyncEnumerable<TYield> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        await foreach (var item in items)
        {
            if (!EqualityComparer<TSend>.Default.Equals(await co.Yield(item), default))
            {
                throw GeneratorErrors.TakesNoValues(items);
            }
        }
    }
}
