#:project ../src/Heddle/Heddle.csproj
// A chat: what one says, all hear. One of the three visitors never listens, one breaks off, and neither harms the third. Nobody waits
// for a slow listener, and there is no task for a message: each line goes into the listeners' writers, which send by themselves.
// Whoever is too far behind loses lines, and whoever has lost a hundred is shown out.
using System.Net;
using Heddle;

const int Lines = 2000;
const int MostBehind = 256 * 1024;

EventLoop.Run(async () =>
{
    var guests = new Dictionary<string, Guest>();
    var options = new ServerOptions { Socket = new() { SendBufferSize = 16 * 1024 } };
    await using var server = TcpServer.Start(new(IPAddress.Loopback, 0), connection => ServeAsync(connection, guests), options);

    await using var quiet = await JoinAsync(server, "quiet");
    await using var hasty = await JoinAsync(server, "hasty");
    await using var anna = await JoinAsync(server, "anna");
    hasty.Abort();

    for (var i = 0; i < Lines; i++)
    {
        var line = $"line {i} {new string('.', 1000)}";
        anna.Writer.Write($"{line}\n");
        if (await anna.Reader.ReadLineAsync() != $"anna: {line}")
        {
            throw new InvalidDataException("That is not what was said.");
        }
    }

    Console.WriteLine($"anna has heard all of {Lines} lines");
});

static async Coroutine ServeAsync(TcpConnection connection, Dictionary<string, Guest> guests)
{
    var name = await connection.Reader.ReadLineAsync() ?? "";
    connection.Writer.SetMarks(high: MostBehind);
    guests.Add(name, new Guest(connection));
    Console.WriteLine($"{name} comes in");
    connection.Writer.Write($"welcome, {name}\n");
    try
    {
        await foreach (var line in connection.Reader.ReadLinesAsync())
        {
            foreach (var (listener, guest) in guests.ToList())
            {
                if (!guest.Hear($"{name}: {line}\n"))
                {
                    Console.WriteLine($"{listener} does not listen and is shown out");
                    guests.Remove(listener);
                }
            }
        }
    }
    finally
    {
        // However a visit ends: by itself, by a failure, or because the guest was shown out.
        guests.Remove(name);
        Console.WriteLine($"{name} is gone");
    }
}

static async Coroutine<TcpConnection> JoinAsync(TcpServer server, string name)
{
    var connection = await TcpConnection.ConnectAsync(server.LocalEndPoint, new() { Socket = new() { ReceiveBufferSize = 16 * 1024 } });
    connection.Writer.Write($"{name}\n");
    await connection.Reader.ReadLineAsync();
    return connection;
}

sealed class Guest(TcpConnection connection)
{
    private const int MostLost = 100;
    private int _lost;

    /// <summary>False for one who is shown out.</summary>
    public bool Hear(string line)
    {
        // Neither waits nor throws. A guest whose connection broke has a visit of its own that ends by that.
        if (connection.Writer.TryWrite(line) || connection.Writer.IsBroken || ++_lost < MostLost)
        {
            return true;
        }

        connection.Abort();
        return false;
    }
}
