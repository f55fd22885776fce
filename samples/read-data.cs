#:project ../src/Heddle/Heddle.csproj
// A coroutine is an async method that returns a Coroutine. It calls another with await; while that one waits, the loop
// has time for others.
using Heddle;

EventLoop.Run(async () =>
{
    var db = new Database();
    var watching = LoopTask.Start(WatchAsync());
    await ReadDataAsync(db);
    await watching;
});

static async Coroutine ReadDataAsync(Database db)
{
    var data = await db.FetchAsync("SELECT name FROM looms");
    Console.WriteLine($"{data.Count} rows: {string.Join(", ", data)}");
}

static async Coroutine WatchAsync()
{
    Console.WriteLine("the loop has time for others");
    await Coroutine.Yield();
}

sealed class Database
{
    public async Coroutine<IReadOnlyList<string>> FetchAsync(string sql)
    {
        Console.WriteLine($"> {sql}");
        await Coroutine.Delay(TimeSpan.FromMilliseconds(20));
        return ["Jacquard", "Dobby"];
    }
}
