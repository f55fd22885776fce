#:project ../src/Heddle/Heddle.csproj
// What await foreach reads is a matter of shape too, as with __aiter__ and __anext__: MoveNextAsync says whether there
// is one more, Current is it.
using Heddle;

EventLoop.Run(async () =>
{
    await foreach (var row in new Cursor())
    {
        Console.WriteLine(row);
    }
});

sealed class Cursor
{
    private int _row;

    public string Current { get; private set; } = "";

    public Cursor GetAsyncEnumerator() => this;

    public async Coroutine<bool> MoveNextAsync()
    {
        if (await FetchDataAsync() is not { } data)
        {
            return false;   // raise StopAsyncIteration
        }

        Current = data;
        return true;
    }

    private async Coroutine<string?> FetchDataAsync()
    {
        await Coroutine.Delay(TimeSpan.FromMilliseconds(10));
        return _row++ < 3 ? $"row {_row}" : null;
    }
}
