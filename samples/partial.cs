#:project ../src/Heddle.Executors/Heddle.Executors.csproj
// Python binds arguments to a function with functools.partial, as run_in_executor takes no named ones. Here a lambda does
// that. On threads it may capture what it needs; what is to go to another process captures nothing, and gets its values as
// arguments.
using Heddle;

EventLoop.Run(async () =>
{
    Action<string> printOnline = text => Print(text, end: "");
    await using var threads = new ThreadExecutor();
    await threads.RunAsync(printOnline, "one line, ");
    await threads.RunAsync(() => Print("two calls"));

    await using var processes = new ProcessExecutor();
    Console.WriteLine(await processes.RunAsync(static (text, width) => Framed(text, width: width, fill: '*'), "loom", 10));

    var width = 10;
    try
    {
        await processes.RunAsync(() => Framed("loom", width: width));
    }
    catch (NotPortableException refused)
    {
        Console.WriteLine(refused.Message);
    }
});

static void Print(string text, string end = "\n") => Console.Write(text + end);

static string Framed(string text, int width, char fill = ' ') => text.PadLeft((width + text.Length) / 2, fill).PadRight(width, fill);
