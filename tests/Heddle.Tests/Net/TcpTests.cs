using System.Net;
using System.Text;
using Heddle.Testing;

namespace Heddle.Tests.Net;

public sealed class TcpTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public void An_echo_server_sends_back_what_it_gets() => VirtualTime.Run(async () =>
    {
        await using var server = TcpServer.Start(s_anyPort, EchoAsync);
        await using var connection = await TcpConnection.ConnectAsync(server.LocalEndPoint);

        connection.Writer.Write("hello\n");
        await connection.Writer.DrainAsync();

        Assert.Equal("hello", await connection.Reader.ReadLineAsync());
    });

    [Fact]
    public void A_stream_is_read_to_its_end_after_the_other_side_has_finished() => VirtualTime.Run(async () =>
    {
        await using var server = TcpServer.Start(s_anyPort, EchoAsync);
        await using var connection = await TcpConnection.ConnectAsync(server.LocalEndPoint);

        connection.Writer.Write("one two three");
        await connection.Writer.FinishAsync();

        Assert.Equal("one two three", Encoding.UTF8.GetString(await connection.Reader.ReadToEndAsync()));
        Assert.True(connection.Reader.IsAtEnd);
    });

    private static async Coroutine EchoAsync(TcpConnection connection)
    {
        await foreach (var chunk in connection.Reader.ReadChunksAsync())
        {
            connection.Writer.Write(chunk.Span);
            await connection.Writer.DrainAsync();
        }
    }
}
