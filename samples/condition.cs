#:project ../src/Heddle/Heddle.csproj
// Waiting until something shared has a certain state, each for a state of its own: who changes it under the lock tells
// the others, and they look again. While one waits, the lock is free.
using Heddle;

EventLoop.Run(async () =>
{
    var changed = new AsyncCondition();
    var water = 0;
    await TaskGroup.RunAsync(async kitchen =>
    {
        _ = kitchen.Start(TakeAsync("the pot", 5));
        _ = kitchen.Start(TakeAsync("the cup", 1));
        for (var i = 0; i < 3; i++)
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
            using (await changed.LockAsync())
            {
                water += 2;
                Console.WriteLine($"{water} litres");
                changed.NotifyAll();
            }
        }
    });

    async Coroutine TakeAsync(string name, int litres)
    {
        using (await changed.LockAsync())
        {
            await changed.WaitUntilAsync(() => water >= litres);
            water -= litres;
            Console.WriteLine($"{name} took {litres}, {water} left");
        }
    }
});
