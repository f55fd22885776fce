namespace Heddle.Benchmarks.HttpGet;

/// <summary>A task a connection on one loop, each with one request under way.</summary>
sealed class LoopLoad
{
    readonly Plan _plan;
    readonly LoopHttpClient _client;
    long _requests;
    bool _isOver;

    LoopLoad(Plan plan, LoopHttpClient client)
    {
        _plan = plan;
        _client = client;
    }

    public static Result Run(Plan plan, LoopHttpOptions options) => EventLoop.Run(RunAsync(plan, options));

    static async Coroutine<Result> RunAsync(Plan plan, LoopHttpOptions options)
    {
        await using var client = new LoopHttpClient(options);
        return await new LoopLoad(plan, client).MeasureAsync();
    }

    async Coroutine<Result> MeasureAsync()
    {
        Result? result = null;
        await TaskGroup.RunAsync(async group =>
        {
            for (int i = 0; i < _plan.Connections; i++)
                _ = group.Start(AskAsync());
            await Coroutine.Delay(_plan.WarmUp);
            Moment begin = Moment.Take(_requests);
            await Coroutine.Delay(_plan.Duration);
            result = Moment.Take(_requests).Since(begin);
            _isOver = true;
        });
        return result! with { AllRequests = _requests };
    }

    async Coroutine AskAsync()
    {
        while (!_isOver)
        {
            LoopHttpResponse answer = await _client.GetAsync(_plan.Address);
            _plan.Check((int)answer.StatusCode, await answer.ReadAsBytesAsync());
            _requests++;
        }
    }
}
