#:project ../src/Heddle/Heddle.csproj
// YieldFrom hands over to another generator until that one ends. The one in between is a go-between no more: what the
// inner one yields comes out, what is sent goes in, and so does an exception that is thrown in.
using Heddle;

Console.WriteLine(string.Join(" ", Outer("plain")));

using var outer = Outer("driven");
Console.WriteLine(outer.Next());
Console.WriteLine(outer.Send("hello"));
Console.WriteLine(outer.Throw(new FormatException("bad")));
Console.WriteLine(outer.TryNext(out _) ? "it goes on" : "it has ended");

static Generator<int, string> Outer(string name) => new(async co =>
{
    await co.YieldFrom(Inner(name));
});

static Generator<int, string> Inner(string name) => new(async co =>
{
    try
    {
        Console.WriteLine($"{name} was sent {await co.Yield(1) ?? "nothing"}");
        await co.Yield(2);
    }
    catch (FormatException e)
    {
        Console.WriteLine($"{name} was thrown {e.Message}");
    }

    await co.Yield(3);
});
