namespace Heddle;

/// <summary>Waits for several things and takes exactly one of them; from the others nothing is taken.</summary>
/// <remarks>
/// <c>await Select.OneAsync(Select.Case(orders.GetAsync(), order => …), Select.Case(stop.WaitAsync(), () => …))</c>. What
/// <see cref="Coroutine.Race{T}(Coroutine{T}[])"/> cannot promise: there each coroutine runs in a task of its own, and two of them may have got something
/// when the first one ends. Here one task stands in several lines, and leaves all others at the moment in which it is served in one.
/// <para>
/// It takes waits: gets, puts and joins of a queue, events, locks, semaphores, barriers, delays, reads and accepts, tasks and sources, what
/// <see cref="OrCanceledExtensions"/> makes of something foreign, and <see cref="LowLevel.Suspend"/>. A coroutine with a body is none: what it has done when another wait is served cannot be
/// taken back. Start it as a task, and select that. The counterpart of Go's <c>select</c>, and of Kotlin's in shape.
/// </para>
/// </remarks>
public static class Select
{
    /// <summary>A wait, and what is made of its result. The wait is begun by the selection, and belongs to it.</summary>
    /// <param name="wait">What to wait for.</param>
    /// <param name="then">Runs in the selecting task if this is the one that was taken. What it throws, the selection throws.</param>
    /// <exception cref="ArgumentException">The coroutine is no wait that can be taken back.</exception>
    public static SelectCase<TResult> Case<T, TResult>(Coroutine<T> wait, Func<T, TResult> then)
    {
        ArgumentNullException.ThrowIfNull(then);
        return new SelectCase<T, TResult>((Coroutine)wait, then);
    }

    /// <inheritdoc cref="Case{T, TResult}(Coroutine{T}, Func{T, TResult})"/>
    public static SelectCase<TResult> Case<TResult>(Coroutine wait, Func<TResult> then)
    {
        ArgumentNullException.ThrowIfNull(then);
        return new PlainCase<TResult>(wait, then);
    }

    /// <inheritdoc cref="Case{T, TResult}(Coroutine{T}, Func{T, TResult})"/>
    public static SelectCase<Nothing> Case<T>(Coroutine<T> wait, Action<T> then)
    {
        ArgumentNullException.ThrowIfNull(then);
        return Case(wait, value =>
        {
            then(value);
            return default(Nothing);
        });
    }

    /// <inheritdoc cref="Case{T, TResult}(Coroutine{T}, Func{T, TResult})"/>
    public static SelectCase<Nothing> Case(Coroutine wait, Action then)
    {
        ArgumentNullException.ThrowIfNull(then);
        return Case(wait, () =>
        {
            then();
            return default(Nothing);
        });
    }

    /// <summary>The end of a task, and what is made of its result. The task runs on, whether it is taken or not.</summary>
    /// <inheritdoc cref="Case{T, TResult}(Coroutine{T}, Func{T, TResult})" path="/param"/>
    /// <exception cref="InvalidOperationException">No task runs on this thread, or it is another loop's.</exception>
    public static SelectCase<TResult> Case<T, TResult>(LoopTask<T> wait, Func<T, TResult> then)
    {
        ArgumentNullException.ThrowIfNull(wait);
        ArgumentNullException.ThrowIfNull(then);
        return Case((LoopTask)wait, () => then(wait.Result));
    }

    /// <inheritdoc cref="Case{T, TResult}(LoopTask{T}, Func{T, TResult})"/>
    public static SelectCase<TResult> Case<TResult>(LoopTask wait, Func<TResult> then)
    {
        ArgumentNullException.ThrowIfNull(wait);
        var frame = wait.GetAwaiter().Frame!;
        return Case(new Coroutine(frame, frame.Version), then);
    }

    /// <summary>The setting of a source, and what is made of its result.</summary>
    /// <inheritdoc cref="Case{T, TResult}(LoopTask{T}, Func{T, TResult})" path="/param"/>
    /// <inheritdoc cref="Case{T, TResult}(LoopTask{T}, Func{T, TResult})" path="/exception"/>
    public static SelectCase<TResult> Case<T, TResult>(CoroutineSource<T> wait, Func<T, TResult> then)
    {
        ArgumentNullException.ThrowIfNull(wait);
        return Case(new Coroutine<T>(wait.GetAwaiter().Frame!), then);
    }

    /// <summary>Waits until one of the cases can be had, takes that one, and returns what it makes of it.</summary>
    /// <remarks>
    /// If several can be had at once, the first of them in the order given is taken: write what matters most, such as a signal to stop, first.
    /// One that is always to be had keeps those behind it out; give them by turns where that matters. While it waits, whoever serves one decides.
    /// A case whose wait fails, such as a get from a queue that was shut down, is to be had as well, and the selection throws that.
    /// A selection that is cancelled has taken nothing; one that was served and is cancelled before the task runs has what it was served, and the
    /// task meets the cancellation at its next suspension.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no case.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled, before or while it waits; nothing was taken.</exception>
    public static Coroutine<TResult> OneAsync<TResult>(params ReadOnlySpan<SelectCase<TResult>> cases)
        => RunAsync(Copy(cases));

    /// <inheritdoc cref="OneAsync{TResult}(ReadOnlySpan{SelectCase{TResult}})"/>
    public static Coroutine<TResult> OneAsync<TResult>(IEnumerable<SelectCase<TResult>> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        return RunAsync(Copy<TResult>([.. cases]));
    }

    /// <summary>Takes the first case, in the order given, that can be had without a wait; if there is none, takes nothing.</summary>
    /// <remarks>A read counts once its bytes are in the reader's buffer.</remarks>
    /// <exception cref="ArgumentException">There is no case.</exception>
    /// <exception cref="InvalidOperationException">No task runs on this thread.</exception>
    /// <exception cref="ScopeCanceledException">The scope is cancelled; nothing was taken.</exception>
    public static bool TryOne<TResult>(out TResult result, params ReadOnlySpan<SelectCase<TResult>> cases)
    {
        var all = Copy(cases);
        var task = LoopTask.CurrentOrThrow();
        var waits = Take(all, task);
        var ready = Selection.FindReady(waits, task);
        for (var i = 0; i < waits.Length; i++)
        {
            if (i != ready)
            {
                waits[i].Forgo(task);
                waits[i].Recycle();
            }
        }

        if (ready < 0)
        {
            result = default!;
            return false;
        }

        waits[ready].BeginBeside(task);
        result = all[ready].Finish(waits[ready]);
        return true;
    }

    private static async Coroutine<TResult> RunAsync<TResult>(SelectCase<TResult>[] cases)
    {
        var task = LoopTask.CurrentOrThrow();
        var waits = Take(cases, task);
        var chosen = -1;
        try
        {
            chosen = await new Coroutine<int>(new Selection(waits) { Status = FrameStatus.Cold });
        }
        finally
        {
            for (var i = 0; i < waits.Length; i++)
            {
                // Free waits of a primitive must not keep the others alive.
                waits[i].Parent = null;
                if (i != chosen)
                {
                    cases[i].Drop(waits[i]);
                }
            }
        }

        var taken = waits[chosen];
        Array.Clear(waits);
        return cases[chosen].Finish(taken);
    }

    private static SelectCase<TResult>[] Copy<TResult>(ReadOnlySpan<SelectCase<TResult>> cases)
        => cases.Length > 0
            ? cases.ToArray()
            : throw new ArgumentException("A selection needs at least one case: with none it would never end.", nameof(cases));

    /// <summary>The frames of all, which are the selection's from now on. In a cancelled scope they are given up, and that is thrown.</summary>
    private static Frame[] Take<TResult>(SelectCase<TResult>[] cases, LoopTask task)
    {
        try
        {
            task.ThrowIfCanceled();
        }
        catch
        {
            foreach (var one in cases)
            {
                one.Wait.Discard();
            }

            throw;
        }

        return Array.ConvertAll(cases, static one =>
        {
            var wait = one.Wait.Take();
            wait.Parent = null;
            return wait;
        });
    }
}
