// What Python passes a generator expression to, LINQ has as a method at the end of the query.
int[] a = [6, 5, 2, 8, 9, 1, 11, 7, 4];

// min(x for x in a if x % 3 == 0)
Console.WriteLine(a.Where(x => x % 3 == 0).Min());

// sorted(x for x in a if x % 2 == 0)
Console.WriteLine($"[{string.Join(", ", a.Where(x => x % 2 == 0).Order())}]");

// any(x > 10 for x in a)
Console.WriteLine(a.Any(x => x > 10));

// all(x < 15 for x in a)
Console.WriteLine(a.All(x => x < 15));

// next(x for x in a if x > 10)
Console.WriteLine(a.First(x => x > 10));

// next(x for x in a if x > 15) raises StopIteration. First throws too; who expects that there may be none says so.
try
{
    Console.WriteLine(a.First(x => x > 15));
}
catch (InvalidOperationException end)
{
    Console.WriteLine(end.Message);
}

Console.WriteLine(a.Cast<int?>().FirstOrDefault(x => x > 15)?.ToString() ?? "none");
