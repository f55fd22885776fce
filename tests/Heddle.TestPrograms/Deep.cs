using Heddle;

namespace Heddle.TestPrograms;

/// <summary>Prints how many bytes are kept of a chain of so many coroutines when it has returned, and other work was done since.</summary>
internal static class Deep
{
    internal static int Run(int levels)
    {
        EventLoop.Run(async () =>
        {
            await DownAsync(100);
            await OtherAsync();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await DownAsync(levels);
            await OtherAsync();
            Console.WriteLine(GC.GetTotalMemory(forceFullCollection: true) - before);
        });
        return 0;
    }

    private static async Coroutine<int> DownAsync(int levels) => levels == 0 ? await AtTheBottomAsync() : 1 + await DownAsync(levels - 1);

    private static async Coroutine<int> AtTheBottomAsync()
    {
        await Coroutine.Yield();
        return 0;
    }

    private static async Coroutine OtherAsync()
    {
        for (var i = 0; i < 1_000; i++)
        {
            await Coroutine.Yield();
        }
    }
}
