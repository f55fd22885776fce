#:project ../src/Heddle/Heddle.csproj
// A generator that is sent numbers and gives their mean so far. Two of them keep two means, each with its own
// variables.
using Heddle;

int[] numbers = [3, 8, 5, 2, 7, 4];

using var even = Mean().Prime();
using var odd = Mean().Prime();
double? meanEven = null, meanOdd = null;
foreach (var x in numbers)
{
    if (x % 2 == 0)
    {
        meanEven = even.Send(x);
    }
    else
    {
        meanOdd = odd.Send(x);
    }

    Console.WriteLine($"{x}: even {meanEven:0.00}, odd {meanOdd:0.00}");
}

static Generator<double?, int> Mean() => new(async co =>
{
    var (sum, count) = (0, 0);
    while (true)
    {
        double? mean = count > 0 ? (double)sum / count : null;
        sum += await co.Yield(mean);
        count++;
    }
});
