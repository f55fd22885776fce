namespace Heddle.OrleansStage;

internal static class LargeCall
{
    private const int Size = 50_000_000;

    internal static string Run(TestCluster cluster)
    {
        cluster.StartSilo();
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        TestCluster.OnLoop(async () =>
        {
            await using var executor = cluster.MakeExecutor();
            var reversed = await executor.RunAsync(Work.Reverse, bytes);
            Array.Reverse(reversed);
            Stage.Require(bytes.AsSpan().SequenceEqual(reversed), "Other bytes came back.");
        });
        return $"{Size / 1_000_000} MB there and back";
    }
}
