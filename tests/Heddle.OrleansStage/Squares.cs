using Heddle.Orleans;

namespace Heddle.OrleansStage;

/// <summary>Calls for the squares of so many numbers, all at once, and checks what comes.</summary>
internal sealed class Squares(TestCluster cluster, int count)
{
    private readonly int[] _arrived = new int[count];

    /// <summary>How many results have come.</summary>
    internal int Done { get; private set; }

    /// <summary>How many calls have failed because their silo died.</summary>
    internal int Lost { get; private set; }

    /// <param name="executor">Where.</param>
    /// <param name="afterEach">Called with each result.</param>
    internal async Coroutine RunAsync(IExecutor executor, Action? afterEach = null)
    {
        await TaskGroup.RunAsync(async group =>
        {
            for (var number = 0; number < count; number++)
            {
                group.Start(CallAsync(executor, number, afterEach));
            }
        });
        Stage.Require(_arrived.All(times => times == 1), "A call did not end exactly once.");
    }

    private async Coroutine CallAsync(IExecutor executor, int number, Action? afterEach)
    {
        try
        {
            var square = await executor.RunAsync(Work.Square, cluster.Folder, number);
            Stage.Require(square == number * number, $"The square of {number} came as {square}.");
            Done++;
            afterEach?.Invoke();
        }
        catch (SiloDiedException)
        {
            Lost++;
        }

        _arrived[number]++;
    }
}
