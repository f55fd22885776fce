#:project ../src/Heddle/Heddle.csproj
// yield works both ways: the value of `await co.Yield(…)` is what the caller sends with its next call.
using Heddle;

using var echo = Echo();
Console.WriteLine($"primed: {echo.Next() ?? "null"}");  // runs to the first yield, which gives nothing yet
Console.WriteLine(echo.Send("Hello"));
Console.WriteLine(echo.Send(0));
Console.WriteLine(echo.Next() ?? "null");               // the same as Send(null)

echo.Close();
try
{
    echo.Next();
}
catch (StopIterationException)
{
    Console.WriteLine($"the generator is {echo.State}");
}

static Generator<object?, object?> Echo() => new(async co =>
{
    object? message = null;
    while (true)
    {
        message = await co.Yield(message);
    }
});
