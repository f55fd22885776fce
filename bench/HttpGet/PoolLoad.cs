namespace Heddle.Benchmarks.HttpGet;

/// <summary>The same on the thread pool, as .NET comes.</summary>
sealed class PoolLoad(Plan plan, HttpClient client)
{
    long _requests;
    volatile bool _isOver;

    public static Result Run(Plan plan, HttpMessageHandler handler)
    {
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        return new PoolLoad(plan, client).MeasureAsync().GetAwaiter().GetResult();
    }

    async Task<Result> MeasureAsync()
    {
        Task[] workers = [.. Enumerable.Range(0, plan.Connections).Select(_ => Task.Run(AskAsync))];
        await Task.Delay(plan.WarmUp);
        Moment begin = Moment.Take(Volatile.Read(ref _requests));
        await Task.Delay(plan.Duration);
        Result result = Moment.Take(Volatile.Read(ref _requests)).Since(begin);
        _isOver = true;
        await Task.WhenAll(workers);
        return result with { AllRequests = _requests };
    }

    async Task AskAsync()
    {
        while (!_isOver)
        {
            using HttpResponseMessage answer = await client.GetAsync(plan.Address);
            plan.Check((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
            Interlocked.Increment(ref _requests);
        }
    }
}
