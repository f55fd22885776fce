using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

/// <summary>What a program did, to be held against what it should have done.</summary>
internal sealed class ProgramJournal
{
    internal int Entered { get; set; }

    internal int Left { get; set; }

    internal int Begun { get; set; }

    internal int Kept { get; set; }

    internal int Opened { get; set; }

    internal int Closed { get; set; }

    internal string End { get; set; } = "";

    internal TimeSpan Took { get; set; }

    internal List<LoopReport> Reports { get; } = [];
}

/// <summary>A program that waits in every way there is. It takes some seconds.</summary>
internal sealed class EveryKindOfWait(ProgramJournal journal)
{
    internal async Coroutine RunAsync()
    {
        await CountedAsync(SimpleWaitsAsync);
        await CountedAsync(GroupsAsync);
        await CountedAsync(CombinatorsAsync);
        await CountedAsync(ScopesAsync);
        await CountedAsync(ForeignAsync);
    }

    private async Coroutine CountedAsync(Func<Coroutine> body)
    {
        journal.Entered++;
        try
        {
            await body();
        }
        finally
        {
            await CancelScope.ShieldAsync(async () =>
            {
                journal.Begun++;
                await Coroutine.Delay(Second);
                await Coroutine.Yield();
                journal.Kept++;
            });
            journal.Left++;
        }
    }

    private Coroutine SleepAsync() => CountedAsync(() => Coroutine.Delay(Second));

    private async Coroutine<Resource> OpenAsync(int seconds)
    {
        await Coroutine.Delay(Second * seconds);
        return new Resource(journal);
    }

    private async Coroutine SimpleWaitsAsync()
    {
        await Coroutine.Yield();
        await Coroutine.Delay(Second);
        await Coroutine.Delay(TimeSpan.Zero);
        var source = new CoroutineSource<int>();
        await TaskGroup.RunAsync(async group =>
        {
            var setter = group.Start(async () =>
            {
                await Coroutine.Delay(Second);
                source.SetResult(1);
            });
            await source;
            await setter;
        });
        await Suspend.UntilResumedAsync<int, int>(
            0, static (resumption, _) => new LoopTimer(EventLoop.Current, () => resumption.TryResume(1)).Schedule(Second), static _ => true, "a timer");
    }

    private async Coroutine GroupsAsync() => await TaskGroup.RunAsync(
        async group =>
        {
            for (var i = 0; i < 4; i++)
            {
                _ = group.Start(SleepAsync());
            }

            await group.StartAsync(async started =>
            {
                await Coroutine.Delay(Second);
                started.Set();
                await SleepAsync();
            });
            await TaskGroup.RunAsync(async inner =>
            {
                _ = inner.Start(SleepAsync());
                await inner.Start(SleepAsync());
                inner.Cancel();
                await SleepAsync();
            });
        },
        new() { MaxConcurrency = 2 });

    private async Coroutine CombinatorsAsync()
    {
        await Coroutine.WhenAll(SleepAsync(), SleepAsync());
        await Coroutine.WhenAllSettled(SleepAsync(), SleepAsync());
        using (await Coroutine.Race(OpenAsync(1), OpenAsync(1), OpenAsync(2)))
        {
            await Coroutine.Yield();
        }

        await foreach (var task in Coroutine.WhenEach(SleepAsync(), CountedAsync(() => Coroutine.Delay(Second * 2))))
        {
            await task;
            break;
        }

        await TaskGroup.RunAsync(async group => await LoopTask.WhenAny(group.Start(SleepAsync()), group.Start(SleepAsync())));
    }

    private async Coroutine ScopesAsync()
    {
        await ThrowsAsync<TimeoutException>(() => CountedAsync(() => Coroutine.Delay(Hour)).WithTimeout(Second));
        Assert.False(await CancelScope.MoveOnAfterAsync(Second, _ => Coroutine.WhenAll(Coroutine.Delay(Hour), SleepAsync(), SleepAsync())));
        await CancelScope.RunAsync(async scope =>
        {
            await SleepAsync();
            scope.Cancel();
            await SleepAsync();
        });
    }

    private async Coroutine ForeignAsync()
    {
        async Task TaskAsync()
        {
            await SleepAsync();
            await Task.Yield();
            await SleepAsync();
        }

        await Task.WhenAll(TaskAsync(), TaskAsync());
        await TaskAsync().OrCanceled();
        using var source = new CancellationTokenSource();
        var failure = await ThrowsAsync<OperationCanceledException>(() => CancelScope.WithTokenAsync(source.Token, async _ =>
        {
            await SleepAsync();
            source.Cancel();
            await SleepAsync();
        }));
        if (failure is ScopeCanceledException)
        {
            throw failure;
        }
    }

    private sealed class Resource : IDisposable
    {
        private readonly ProgramJournal _journal;

        internal Resource(ProgramJournal journal)
        {
            _journal = journal;
            journal.Opened++;
        }

        public void Dispose() => _journal.Closed++;
    }
}
