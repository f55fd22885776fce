#:project ../src/Heddle/Heddle.csproj
// A server that serves two at a time: the semaphore holds the others back, in the order in which they came.
using Heddle;

EventLoop.Run(async () =>
{
    var seats = new AsyncSemaphore(2);
    var (busy, most) = (0, 0);
    await Coroutine.WhenAll(Enumerable.Range(1, 5).Select(DownloadAsync));
    Console.WriteLine($"never more than {most} at once");

    async Coroutine DownloadAsync(int page)
    {
        using (await seats.LockAsync())
        {
            Console.WriteLine($"page {page} comes");
            most = Math.Max(most, ++busy);
            await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
            busy--;
        }
    }
});
