using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Heddle.Tests.Generators;

/// <summary>Generators over real sockets, whose turn a plain select decides.</summary>
public sealed class SelectLoopTests : IDisposable
{
    private readonly SelectLoop _loop = new();
    private readonly List<string> _log = [];

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void One_thread_serves_several_clients_who_come_and_go_in_any_order()
    {
        using var server = Listen();
        _loop.Start(Serve(server));

        using var a = Connect(server);
        using var b = Connect(server);
        Send(b, "from b");
        Send(a, "from a");
        Assert.Equal("FROM A", Receive(a));
        Assert.Equal("FROM B", Receive(b));

        b.Close();
        StepUntil(() => _loop.Count == 2);
        Send(a, "again");
        Assert.Equal("AGAIN", Receive(a));
    }

    [Fact]
    public void It_ends_when_all_coroutines_have_ended()
    {
        var (left, right) = Pair();
        _loop.Start(new Generator<SocketWait>(async co =>
        {
            await co.Yield(default);
            left.Send("x"u8);
            await co.Yield(left);
            _log.Add(Read(left));
        }));
        _loop.Start(new Generator<SocketWait>(async co =>
        {
            await co.Yield(right);
            _log.Add(Read(right));
            await co.Yield(SocketWait.Writable(right));
            right.Send("y"u8);
        }));

        _loop.Run();

        Assert.Equal(["x", "y"], _log);
        Assert.Equal(0, _loop.Count);
        left.Dispose();
        right.Dispose();
    }

    [Fact]
    public void Those_who_do_not_wait_for_a_socket_take_turns()
    {
        foreach (var name in (string[])["a", "b"])
        {
            _loop.Start(new Generator<SocketWait>(async co =>
            {
                for (var i = 0; i < 3; i++)
                {
                    _log.Add($"{name}{i}");
                    await co.Yield(default);
                }
            }));
        }

        _loop.Run();

        Assert.Equal(["a0", "b0", "a1", "b1", "a2", "b2"], _log);
    }

    [Fact]
    public void A_failure_comes_out_and_leaves_the_others_as_they_were()
    {
        _loop.Start(new Generator<SocketWait>(_ => throw new FormatException()));
        _loop.Start(new Generator<SocketWait>(async co =>
        {
            _log.Add("first");
            await co.Yield(default);
            _log.Add("second");
        }));

        Assert.Throws<FormatException>(_loop.Run);
        Assert.Equal(1, _loop.Count);
        _loop.Run();

        Assert.Equal(["first", "second"], _log);
    }

    [Fact]
    public void It_stops_after_the_step_in_which_it_is_told_to()
    {
        _loop.Start(new Generator<SocketWait>(async co =>
        {
            for (var i = 0; ; i++)
            {
                _log.Add($"{i}");
                if (i == 2)
                {
                    _loop.Stop();
                }

                await co.Yield(default);
            }
        }));

        _loop.Run();

        Assert.Equal(["0", "1", "2"], _log);
    }

    [Fact]
    public void A_step_waits_no_longer_than_it_is_told()
    {
        using var server = Listen();
        _loop.Start(Serve(server));

        Assert.True(_loop.Step(TimeSpan.Zero));
        Assert.True(_loop.Step(TimeSpan.Zero));
        Assert.Equal(1, _loop.Count);
    }

    [Fact]
    public void Disposing_of_it_closes_all_coroutines_and_tells_what_failed()
    {
        using var server = Listen();
        foreach (var wait in (SocketWait[])[server, default])
        {
            _loop.Start(new Generator<SocketWait>(async co =>
            {
                try
                {
                    await co.Yield(wait);
                }
                finally
                {
                    _log.Add("finally");
                    throw new FormatException();
                }
            }));
        }

        _loop.Step(TimeSpan.Zero);

        Assert.Equal(2, Assert.Throws<AggregateException>(_loop.Dispose).InnerExceptions.Count);
        Assert.Equal(["finally", "finally"], _log);
        _loop.Dispose();
    }

    private static Socket Listen()
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        return server;
    }

    private static Socket Connect(Socket server)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(server.LocalEndPoint!);
        return client;
    }

    private static (Socket Left, Socket Right) Pair()
    {
        using var server = Listen();
        var client = Connect(server);
        return (client, server.Accept());
    }

    private static void Send(Socket socket, string text) => socket.Send(Encoding.UTF8.GetBytes(text));

    private static string Read(Socket socket)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private string Receive(Socket client)
    {
        StepUntil(() => client.Available > 0);
        return Read(client);
    }

    /// <summary>Real sockets need real time. The limit is only for a failure: a working loop gets there in a few steps.</summary>
    private void StepUntil(Func<bool> isReached)
    {
        for (var steps = 0; !isReached(); steps++)
        {
            Assert.True(steps < 10_000, "nothing happens");
            _loop.Step(TimeSpan.FromMilliseconds(1));
        }
    }

    private Generator<SocketWait> Serve(Socket server) => new(async co =>
    {
        while (true)
        {
            await co.Yield(server);
            _loop.Start(Handle(server.Accept()));
        }
    });

    private static Generator<SocketWait> Handle(Socket client) => new(async co =>
    {
        using (client)
        {
            while (true)
            {
                await co.Yield(client);
                var text = Read(client);
                if (text == "")
                {
                    return;
                }

                Send(client, text.ToUpperInvariant());
            }
        }
    });
}
