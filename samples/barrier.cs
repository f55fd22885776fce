#:project ../src/Heddle/Heddle.csproj
// Work in phases: nobody begins the second before all have ended the first. The number that each gets is its place in
// the order of arrival.
using Heddle;

EventLoop.Run(async () =>
{
    var met = new AsyncBarrier(3);
    await Coroutine.WhenAll(WorkAsync("Ann", 300), WorkAsync("Bob", 100), WorkAsync("Eve", 200));

    async Coroutine WorkAsync(string name, int milliseconds)
    {
        await Coroutine.Delay(TimeSpan.FromMilliseconds(milliseconds));
        Console.WriteLine($"{name} has sorted a third");
        if (await met.WaitAsync() == met.ParticipantCount - 1)
        {
            Console.WriteLine("all thirds are sorted");
        }

        Console.WriteLine($"{name} merges");
    }
});
