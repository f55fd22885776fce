#:project ../src/Heddle/Heddle.csproj
// A generator may yield and return. Python puts what it returned into StopIteration; here it is also the generator's
// Result.
using Heddle;

using var g = F();
Console.WriteLine(g.Next());
try
{
    g.Next();
}
catch (StopIterationException end)
{
    Console.WriteLine($"StopIteration: {end.Value}");
}

// Without an exception, and typed:
using var again = F();
while (again.TryNext(out var value))
{
    Console.WriteLine(value);
}

Console.WriteLine($"returned {again.Result}");

static Generator<int, Nothing, string> F() => new(async co =>
{
    await co.Yield(1);
    return "two";
});
