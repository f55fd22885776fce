#:project ../src/Heddle/Heddle.csproj
// The means of running-means.cs, given once at the end: null says that no more numbers come, and the generator returns.
using Heddle;

int[] numbers = [3, 8, 5, 2, 7, 4];

using var even = Mean().Prime();
using var odd = Mean().Prime();
foreach (var x in numbers)
{
    (x % 2 == 0 ? even : odd).Send(x);
}

Console.WriteLine($"even {ResultOf(even):0.00}");
Console.WriteLine($"odd {ResultOf(odd):0.00}");

static Generator<Nothing, int?, double> Mean() => new(async co =>
{
    var (sum, count) = (0, 0);
    while (await co.Yield(default) is { } x)
    {
        sum += x;
        count++;
    }

    return (double)sum / count;
});

static double ResultOf(Generator<Nothing, int?, double> mean)
{
    mean.TrySend(null, out _);
    return mean.Result;
}
