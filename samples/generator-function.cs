// A method with yield return in it is a generator function: calling it runs none of its body.
using var g = F().GetEnumerator();
Console.WriteLine("called");

while (g.MoveNext())
{
    Console.WriteLine(g.Current);
}

Console.WriteLine("where Python raises StopIteration, MoveNext says false");

int[] list = [.. F()];
Console.WriteLine($"[{string.Join(", ", list)}]");

foreach (var x in F())
{
    Console.WriteLine(x * 2);
}

static IEnumerable<int> F()
{
    Console.WriteLine("started");
    yield return 1;
    yield return 2;
    yield return 3;
}
