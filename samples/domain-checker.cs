#:project ../src/Heddle/Heddle.csproj
// Which names are free? A hundred are asked at once: one that has an address at which somebody answers is taken. A resolver of
// the sample's own and a server on this machine stand in for the internet; without ConnectOptions.Resolve it asks the real one.
using System.Net;
using Heddle;

const string Endings =
    """
    .ac .ad .ae .af .ag .ai .al .am .ao .ar .as .at .au .aw .az .ba .bb .be .bf .bg .bh .bi .biz .bj .bm .bn .bo .br .bs .bt
    .bw .by .bz .ca .cc .cd .cf .cg .ch .ci .ck .cl .cm .cn .co .com .cr .cu .cv .cw .cx .cy .cz .de .dj .dk .dm .do .dz .ec
    .edu .ee .eg .er .es .et .eu .fi .fj .fk .fm .fo .fr .ga .gd .ge .gf .gg .gh .gi .gl .gm .gn .gov .gp .gq .gr .gs .gt .gu
    .info .io .is .it .jp .net .org .se .su .us
    """;

EventLoop.Run(async () =>
{
    await using var site = TcpServer.Start(new(IPAddress.Loopback, 0), static _ => default);
    var internet = new ConnectOptions { Resolve = ResolveAsync };
    var domains = Endings.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    // As each answers, in whatever order that is; what is printed is put in order.
    var taken = new SortedSet<string>(StringComparer.Ordinal);
    var free = 0;
    await foreach (var check in Coroutine.WhenEach(domains.Select(domain => CheckFreeAsync(domain, site.Port, internet))))
    {
        var (domain, isFree) = await check;
        if (isFree)
        {
            free++;
        }
        else
        {
            taken.Add(domain);
        }
    }

    Console.WriteLine($"{domains.Length} names: {free} are free, {taken.Count} are not");
    foreach (var domain in taken)
    {
        Console.WriteLine($"python{domain} is not free");
    }
});

static async Coroutine<(string Domain, bool IsFree)> CheckFreeAsync(string domain, int port, ConnectOptions internet)
{
    try
    {
        await using var connection = await TcpConnection.ConnectAsync($"python{domain}", port, internet).WithTimeout(TimeSpan.FromSeconds(10));
        return (domain, false);
    }
    catch (Exception failure) when (failure is ConnectionException or TimeoutException)
    {
        // No such name, or nobody there who answers. A cancellation is neither, and goes on.
        return (domain, true);
    }
}

// What the names of this little internet lead to: a site, an address at which nobody listens, or nothing.
static async Coroutine<IReadOnlyList<IPAddress>> ResolveAsync(string host)
{
    await Coroutine.Yield();
    return host switch
    {
        "python.com" or "python.org" or "python.net" or "python.io" or "python.de" => [IPAddress.Loopback],
        "python.su" => [IPAddress.Parse("127.0.0.77")],
        _ => [],
    };
}
