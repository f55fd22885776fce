#:project ../src/Heddle/Heddle.csproj
// Yield waits for nothing: it lets the others have their turn, and goes on at once where there are none. A long
// computation does it now and then, so that the loop is not held up.
using Heddle;

EventLoop.Run(async () =>
{
    await Coroutine.WhenAll(CountAsync("primes", IsPrime), CountAsync("squares", IsSquare));
    await CountAsync("alone", IsPrime);
});

static async Coroutine CountAsync(string name, Func<int, bool> matches)
{
    var count = 0;
    for (var i = 1; i <= 300; i++)
    {
        if (matches(i))
        {
            count++;
        }

        if (i % 100 == 0)
        {
            Console.WriteLine($"{name} up to {i}: {count}");
            await Coroutine.Yield();
        }
    }
}

static bool IsPrime(int n) => n > 1 && Enumerable.Range(2, n - 2).All(divisor => n % divisor != 0);

static bool IsSquare(int n) => Math.Sqrt(n) % 1 == 0;
