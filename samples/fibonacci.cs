// A generator may go on for ever; who reads it decides when it is enough. Never make a list of it!
using System.Numerics;

foreach (var x in Fibonacci<int>())
{
    if (x > 1_000_000)
    {
        break;
    }

    Console.WriteLine(x);
}

Console.WriteLine($"the 300th: {Fibonacci<BigInteger>().ElementAt(299)}");

static IEnumerable<T> Fibonacci<T>() where T : INumber<T>
{
    var (a, b) = (T.Zero, T.One);
    while (true)
    {
        yield return b;
        (a, b) = (b, a + b);
    }
}
