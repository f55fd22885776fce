#:project ../src/Heddle/Heddle.csproj
using Heddle;

EventLoop.Run(MainAsync());

static async Coroutine MainAsync()
{
    Console.WriteLine("hello");
    await Coroutine.Delay(TimeSpan.FromSeconds(1));
    Console.WriteLine("world");
}
