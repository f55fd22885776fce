namespace Heddle.Tests.Simulations;

/// <summary>Small programs of several tasks.</summary>
internal static class Racing
{
    internal static async Coroutine TogetherAsync(params Func<Coroutine>[] bodies)
        => await TaskGroup.RunAsync(async group =>
        {
            foreach (var body in bodies)
            {
                group.Start(body());
            }

            await Coroutine.Yield();
        });

    /// <summary>Three tasks, a, b and c, which note each of their three steps.</summary>
    internal static async Coroutine NoteOrderAsync(List<string> order)
        => await TaskGroup.RunAsync(async group =>
        {
            foreach (var name in new[] { "a", "b", "c" })
            {
                group.Start(NoteAsync(name, 3), name);
            }

            await Coroutine.Yield();

            async Coroutine NoteAsync(string name, int steps)
            {
                order.Add(name);
                for (var step = 1; step < steps; step++)
                {
                    await Coroutine.Yield();
                    order.Add(name);
                }
            }
        });
}
