#:project ../src/Heddle/Heddle.csproj
// A dialogue is a generator: it yields a question and is sent the answer. Clarifying questions are a generator of its
// own, to which it delegates; its result is a valid answer. How questions are asked, here at the console, is not their
// business.
using Heddle;

using var dialogue = Order();
var asking = dialogue.TryNext(out var question);
while (asking)
{
    Console.WriteLine(question);
    if (Console.ReadLine() is not { } answer)
    {
        return;     // nobody answers any more; the dialogue is closed where it waits
    }

    asking = dialogue.TrySend(answer, out question);
}

Console.WriteLine(dialogue.Result);

static Generator<string, string, string> Order() => new(async co =>
{
    var drink = await co.YieldFrom(Choose("What would you like?", "tea", "coffee"));
    var sugar = 0;
    if (await co.YieldFrom(Choose("With sugar?", "yes", "no")) == "yes")
    {
        sugar = await co.YieldFrom(Number("How many spoons?", most: 3));
    }

    return $"{drink} with {sugar} spoons of sugar";
});

static Generator<string, string, string> Choose(string question, params string[] choices) => new(async co =>
{
    var answer = await co.Yield(question);
    while (!choices.Contains(answer))
    {
        answer = await co.Yield($"'{answer}'? Please say {string.Join(" or ", choices)}.");
    }

    return answer;
});

static Generator<string, string, int> Number(string question, int most) => new(async co =>
{
    int number;
    var answer = await co.Yield(question);
    while (!int.TryParse(answer, out number) || number < 0 || number > most)
    {
        answer = await co.Yield($"Please say a number up to {most}.");
    }

    return number;
});
