#:project ../src/Heddle/Heddle.csproj
// Closing a generator throws GeneratorExitException at the yield where it waits, so that its finally runs.
//
// This is where .NET differs. In Python a generator that is left unfinished is closed when it is collected, at the
// latest when the program ends. .NET finalizes nothing at the end of a program, so whoever makes a generator also
// disposes of it: `using` does, and so does foreach, even if it is left early.
using Heddle;

using (var generator = Generate("using"))
{
    Console.WriteLine(generator.Next());
    Console.WriteLine(generator.Next());
}

foreach (var x in Generate("foreach"))
{
    Console.WriteLine(x);
    break;
}

var forgotten = Generate("forgotten");
Console.WriteLine(forgotten.Next());
Console.WriteLine("and nothing more, since nobody closes it");

static Generator<int> Generate(string name) => new(async co =>
{
    try
    {
        await co.Yield(1);
        await co.Yield(2);
        await co.Yield(3);
    }
    catch (Exception e)
    {
        Console.WriteLine($"{name}: {e.GetType().Name}");
    }
    finally
    {
        Console.WriteLine($"{name}: finally");
    }
});
