#:project ../src/Heddle/Heddle.csproj
// Exactly one of several: a worker that takes orders from two queues, tidies up when nothing comes, and stops when it is told to.
// What it does not take stays where it is.
using Heddle;

EventLoop.Run(async () =>
{
    var urgent = new AsyncQueue<string>();
    var usual = new AsyncQueue<string>();
    var tidied = new AsyncManualResetEvent();
    var stop = new AsyncManualResetEvent();
    usual.TryPut("a letter");
    usual.TryPut("a parcel");
    urgent.TryPut("a telegram");

    var courier = LoopTask.Start(DeliverAsync(), "courier");
    await tidied.WaitAsync();
    stop.Set();
    usual.TryPut("a postcard");
    await courier;
    Console.WriteLine($"not taken: {usual.Count} usual, {urgent.Count} urgent");

    async Coroutine DeliverAsync()
    {
        var isTidy = false;
        while (await Select.OneAsync(
            Select.Case(stop.WaitAsync(), () => (string?)null),
            Select.Case(urgent.GetAsync(), item => (string?)$"{item}, at once"),
            Select.Case(usual.GetAsync(), item => (string?)item),
            Select.Case(Coroutine.Delay(isTidy ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(50)), () => (string?)"nothing, and tidies up")) is { } work)
        {
            Console.WriteLine($"the courier has {work}");
            isTidy = work.StartsWith("nothing", StringComparison.Ordinal);
            if (isTidy)
            {
                tidied.Set();
            }
        }
    }
});
