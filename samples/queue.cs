#:project ../src/Heddle/Heddle.csproj
// Producers and consumers. The queue's capacity makes the producer wait when the workers cannot keep up; JoinAsync
// waits until everything is done; Shutdown ends the workers' loops.
using Heddle;

EventLoop.Run(async () =>
{
    var orders = new AsyncQueue<string>(capacity: 2);
    var most = 0;
    await TaskGroup.RunAsync(async kitchen =>
    {
        _ = kitchen.Start(CookAsync("Ann"));
        _ = kitchen.Start(CookAsync("Bob"));

        foreach (var dish in new[] { "soup", "salad", "pasta", "pie", "tea" })
        {
            await orders.PutAsync(dish);
            most = Math.Max(most, orders.Count);
        }

        await orders.JoinAsync();
        Console.WriteLine($"all is served, and never more than {most} orders were waiting");
        orders.Shutdown();
    });

    async Coroutine CookAsync(string name)
    {
        await foreach (var dish in orders)
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
            Console.WriteLine($"{name} serves {dish}");
            orders.TaskDone();
        }
    }
});
