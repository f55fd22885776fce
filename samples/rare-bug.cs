#:project ../src/Heddle/Heddle.csproj
#:project ../src/Heddle.Testing/Heddle.Testing.csproj
// One ticket is left. Ann buys it; Bob reads twelve pages of the catalogue before he comes to buy. So a plain loop sells it
// once, each time. Where a coin decides who has the next step, it is sold twice in about one run of 8,000.
using Heddle;
using Heddle.Testing;

try
{
    Simulation.Explore(async world =>
    {
        var shop = new Shop(tickets: 1);
        await TaskGroup.RunAsync(async customers =>
        {
            customers.Start(shop.BuyAsync(), "ann");
            customers.Start(BrowseAndBuyAsync(shop), "bob");
            await Coroutine.Yield();
        });
        world.Always(shop.Tickets == 0, "the ticket is sold once");
    });
}
catch (SimulationFailedException failure)
{
    Console.WriteLine(failure.Message);
}

static async Coroutine BrowseAndBuyAsync(Shop shop)
{
    for (var page = 0; page < 12; page++)
    {
        await Coroutine.Yield();   // reads a page
    }

    await shop.BuyAsync();
}

sealed class Shop(int tickets)
{
    public int Tickets { get; private set; } = tickets;

    public async Coroutine BuyAsync()
    {
        if (Tickets > 0)
        {
            await Coroutine.Yield();   // the bank takes the money
            Tickets--;
        }
    }
}
