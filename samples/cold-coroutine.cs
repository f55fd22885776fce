#:project ../src/Heddle/Heddle.csproj
// Calling main does not run it: it makes a coroutine, which the loop runs.
using Heddle;

var main = MainAsync();
Console.WriteLine(main);
Console.WriteLine("nothing has happened yet");

EventLoop.Run(main);

static async Coroutine MainAsync()
{
    Console.WriteLine("now it has");
    await Coroutine.Yield();
}
