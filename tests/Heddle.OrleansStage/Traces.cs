namespace Heddle.OrleansStage;

/// <summary>Files that functions write in other processes.</summary>
internal static class Traces
{
    internal static Coroutine AppearsAsync(string folder, string name) => UntilAsync(() => File.Exists(Path.Combine(folder, name)));

    /// <summary>Waits until <see cref="Work.Hold"/> runs in so many processes, and gives those.</summary>
    internal static async Coroutine<int[]> HeldAsync(string folder, int count)
    {
        await UntilAsync(() => Holders(folder).Length == count);
        return Holders(folder);
    }

    internal static int[] Holders(string folder) => [.. Directory.GetFiles(folder, "held.*").Select(file => int.Parse(Path.GetExtension(file)[1..]))];

    private static async Coroutine UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            // A real wait: what happens in other processes does not wake the loop.
            await Coroutine.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
