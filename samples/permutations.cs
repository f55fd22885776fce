#:project ../src/Heddle/Heddle.csproj
// A generator may delegate to itself: each level adds one letter, and a permutation comes out as soon as it is
// complete. A step costs the same however deep it comes from.
using Heddle;

Console.WriteLine(string.Join(" ", Permutations("abc")));
Console.WriteLine($"the first of twenty letters: {Permutations("abcdefghijklmnopqrst").First()}");

static Generator<string> Permutations(string s, string a = "") => new(async co =>
{
    if (a.Length == s.Length)
    {
        await co.Yield(a);
        return;
    }

    foreach (var c in s.Where(c => !a.Contains(c)))
    {
        await co.YieldFrom(Permutations(s, a + c));
    }
});
