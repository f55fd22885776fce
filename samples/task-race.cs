#:project ../src/Heddle/Heddle.csproj
#:project ../src/Heddle.Testing/Heddle.Testing.csproj
// A cache of ordinary async code, with not one coroutine in it. Who finds nothing waits for the gate, and loads; he does not look whether somebody has
// loaded meanwhile. The second customer comes a moment too late for that, so that no plain test sees it.
using Heddle.Testing;

try
{
    Simulation.ExploreTasks(async world =>
    {
        var loaded = 0;
        var cache = new Cache(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider);
            return ++loaded;
        });

        async Task ComeLaterAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(1), world.TimeProvider);
            await cache.GetAsync();
        }

        await Task.WhenAll(cache.GetAsync(), ComeLaterAsync());
        world.Always(loaded == 1, "it is loaded once");
    });
}
catch (SimulationFailedException failure)
{
    Console.WriteLine(failure.Message);
}

sealed class Cache(Func<Task<int>> load)
{
    private readonly SemaphoreSlim _gate = new(1);
    private int? _value;

    public async Task<int> GetAsync()
    {
        if (_value is { } known)
        {
            return known;
        }

        await _gate.WaitAsync();
        try
        {
            return (_value = await load()).Value;
        }
        finally
        {
            _gate.Release();
        }
    }
}
