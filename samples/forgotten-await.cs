#:project ../src/Heddle/Heddle.csproj
// A frequent mistake: without await, data is not what the database answers but a coroutine that nobody runs. The
// database is never asked. Heddle's analyzer makes this an error (HED001); this file alone may do it.
using Heddle;

EventLoop.Run(ReadDataAsync(new Database()));

static async Coroutine ReadDataAsync(Database db)
{
    var data = db.FetchAsync("SELECT name FROM looms");
    Console.WriteLine(data.GetType());

    await Coroutine.Yield();
    Console.WriteLine($"asked: {db.WasAsked}");
}

sealed class Database
{
    public bool WasAsked { get; private set; }

    public async Coroutine<string> FetchAsync(string sql)
    {
        WasAsked = true;
        await Coroutine.Delay(TimeSpan.FromMilliseconds(20));
        return $"the answer to {sql}";
    }
}
