#:project ../src/Heddle/Heddle.csproj
// What the inner generator returns is the value of YieldFrom.
using Heddle;

foreach (var x in Gen2())
{
    Console.WriteLine(x);
}

static Generator<int> Gen2() => new(async co =>
{
    var result = await co.YieldFrom(Gen1());
    Console.WriteLine($"gen1 returned {result}");
    await co.Yield(result + 1);
});

static Generator<int, Nothing, int> Gen1() => new(async co =>
{
    await co.Yield(1);
    await co.Yield(2);
    return 3;
});
