using System.Runtime;

namespace Heddle.Benchmarks.Rows;

/// <summary>
/// Takes every row through the tiers of the compiler: calls it again and again, with pauses in which the background
/// compiler works, until that has nothing left to do. No setting of the runtime is changed, on any side.
/// </summary>
static class WarmUp
{
    const int FewestPasses = 4;
    const int MostPasses = 12;
    const int CallsPerPass = 35;
    static readonly TimeSpan CompilerPause = TimeSpan.FromMilliseconds(200);

    public static void Run(RowPlan[] plans)
    {
        if (plans.All(plan => CoreRow.Find(plan.Key) is { IsMemory: true }))
            return;
        long compiled = 0;
        for (int pass = 1; pass <= MostPasses; pass++)
        {
            foreach (RowPlan plan in plans)
            {
                for (int call = 0; call < CallsPerPass; call++)
                    plan.Run(plan.WarmUp);
            }
            Thread.Sleep(CompilerPause);
            long before = compiled;
            compiled = JitInfo.GetCompiledMethodCount();
            if (pass >= FewestPasses && compiled - before < plans.Length)
                break;
        }
        GC.Collect();
    }
}
