// A generator expression makes its values when they are asked for, one at a time. C# says it with LINQ; its enumerator
// is what Python calls the generator: used up value by value. The query itself can be read again, from its beginning.
var squares = Enumerable.Range(1, 9).Select(x => x * x);

using var generator = squares.GetEnumerator();
Console.WriteLine(Next(generator));
Console.WriteLine(Next(generator));
Console.WriteLine(Next(generator));
Console.WriteLine($"[{string.Join(", ", Rest(generator))}]");
Console.WriteLine($"and then nothing: {generator.MoveNext()}");

Console.WriteLine($"[{string.Join(", ", squares)}]");

static T Next<T>(IEnumerator<T> generator) =>
    generator.MoveNext() ? generator.Current : throw new InvalidOperationException("The generator has ended.");

static IEnumerable<T> Rest<T>(IEnumerator<T> generator)
{
    while (generator.MoveNext())
    {
        yield return generator.Current;
    }
}
