namespace Heddle;

/// <content>Delegating by driving the inner one by hand, as PEP 380 spells it out: for a body that runs in tasks.</content>
public readonly partial struct GeneratorHandle<TYield, TSend>
{
    private async Coroutine<TReturn> YieldEachOf<TInnerSend, TReturn>(Generator<TYield, TInnerSend, TReturn> inner)
    {
        if (inner.State == GeneratorState.Closed)
        {
            return default!;
        }

        var goesOn = inner.TryNext(out var value);
        while (goesOn)
        {
            TSend sent = default!;
            Exception? thrown = null;
            try
            {
                sent = await Yield(value!);
            }
            catch (GeneratorExitException)
            {
                inner.Close();
                throw;
            }
            catch (Exception failure)
            {
                thrown = failure;
            }

            goesOn = thrown is null ? TrySend(inner, sent, out value) : inner.TryThrow(thrown, out value);
        }

        return inner.Result;
    }

    private async Coroutine YieldEachOf(IEnumerable<TYield> items)
    {
        foreach (var item in items)
        {
            if (!EqualityComparer<TSend>.Default.Equals(await Yield(item), default))
            {
                throw GeneratorErrors.TakesNoValues(items);
            }
        }
    }

    private static bool TrySend<TInnerSend, TReturn>(Generator<TYield, TInnerSend, TReturn> inner, TSend sent, out TYield? value)
    {
        if (sent is TInnerSend taken)
        {
            return inner.TrySend(taken, out value);
        }

        return typeof(TInnerSend) == typeof(Nothing) || EqualityComparer<TSend>.Default.Equals(sent, default)
            ? inner.TryNext(out value)
            : throw GeneratorErrors.TakesNoValues(inner);
    }
}
