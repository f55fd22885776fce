using System.Net.Security;
using System.Net.Sockets;
using Heddle.LowLevel;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Net;

/// <summary>What holds for files that are sent, on every poller.</summary>
public abstract class FileSendTests(Func<EventLoop, INetworkPoller> network) : NetTests(network), IDisposable
{
    public sealed class OnEpoll() : FileSendTests(Pollers.Epoll);

    public sealed class OnSockets() : FileSendTests(Pollers.Sockets);

    public sealed class InMemory() : FileSendTests(OnMemory);

    private readonly string _folder = Directory.CreateTempSubdirectory("heddle").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_stands_between_what_was_written_before_and_what_is_written_meanwhile() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        var path = FileOf(3_000_000);
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        writer.Write(Pattern(100_000));
        var sending = LoopTask.Start(writer.SendFileAsync(path));

        // Behind the one that sends the file, in the line of those who wait for what was written.
        await Coroutine.Yield();
        await writer.FlushAsync();
        writer.Write("the end"u8);
        Assert.Equal(3_000_000, await sending);
        await writer.FinishAsync();
        byte[] whole = [.. Pattern(100_000), .. Pattern(3_000_000), .. "the end"u8];
        Assert.Equal(whole, await receiving);
    }));

    [Theory]
    [InlineData(0, null, 700_000)]
    [InlineData(0, 0L, 0)]
    [InlineData(1, 1L, 1)]
    [InlineData(123_456, 300_000L, 300_000)]
    [InlineData(600_000, null, 100_000)]
    [InlineData(700_000, null, 0)]
    [InlineData(800_000, null, 0)]
    public void A_part_of_a_file_is_sent(long offset, long? count, int expected) => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        using var file = File.OpenHandle(FileOf(700_000));
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        Assert.Equal(expected, await writer.SendFileAsync(file, offset, count));
        await writer.FinishAsync();
        Assert.Equal(Pattern(expected, (int)offset), await receiving);
        Assert.False(file.IsClosed);
    }));

    [Fact]
    public void Over_TLS_it_arrives_as_well() => Run(async () =>
    {
        using var certificate = Certificates.SelfSigned("127.0.0.1");
        var path = FileOf(1_000_000);
        await using var server = TcpServer.Start(
            AnyPort,
            async connection => Assert.Equal(1_000_000, await connection.Writer.SendFileAsync(path)),
            new() { Tls = new() { ServerCertificate = certificate } });
        var trusting = new SslClientAuthenticationOptions { CertificateChainPolicy = Certificates.Trusting(certificate) };
        await using var client = await TcpConnection.ConnectAsync(server.LocalEndPoint, new() { Tls = trusting });
        Assert.Equal(Pattern(1_000_000), await client.Reader.ReadToEndAsync());
        Assert.Empty(Reports);
    });

    [Fact]
    public void One_that_is_cancelled_in_the_middle_leaves_nothing_to_be_written_and_the_reader_as_it_was() => Run(() => WithConnectionAsync(
        async (here, there) =>
        {
            var sending = LoopTask.Start(here.Writer.SendFileAsync(FileOf(5_000_000)));
            Assert.Equal(Pattern(1000), await there.Reader.ReadExactlyAsync(1000));
            await SettleAsync();
            sending.Cancel("enough");
            await LoopTask.WhenAny(sending);
            Assert.True(sending.IsCanceled);
            Assert.True(here.Writer.IsBroken);
            Assert.Equal(SocketError.ConnectionAborted, Assert.Throws<ConnectionException>(() => here.Writer.Write("more"u8)).ErrorCode);
            there.Writer.Write("still heard");
            Assert.Equal("still heard"u8.ToArray(), await here.Reader.ReadExactlyAsync(11));
        },
        Small));

    [Fact]
    public void One_that_is_cancelled_before_it_began_changes_nothing() => Run(() => WithConnectionAsync(async (here, there) =>
    {
        var sending = LoopTask.Start(here.Writer.SendFileAsync(FileOf(1000)));
        sending.Cancel("not now");
        await LoopTask.WhenAny(sending);
        here.Writer.Write("instead");
        Assert.Equal("instead"u8.ToArray(), await there.Reader.ReadExactlyAsync(7));
    }));

    [Fact]
    public void A_second_file_and_a_finish_meanwhile_are_refused() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        var path = FileOf(1_000_000);
        var sending = LoopTask.Start(writer.SendFileAsync(path));
        await SettleAsync();
        Assert.Contains("A file is being sent", (await ThrowsAsync<InvalidOperationException>(async () => await writer.SendFileAsync(path))).Message, StringComparison.Ordinal);
        await ThrowsAsync<InvalidOperationException>(() => writer.FinishAsync());
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        await sending;
        await writer.FinishAsync();
        Assert.Equal(Pattern(1_000_000), await receiving);
    }));

    [Fact]
    public void A_file_that_is_shorter_than_what_is_to_be_sent_fails_and_so_does_one_that_is_not_there() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        await ThrowsAsync<FileNotFoundException>(async () => await writer.SendFileAsync(Path.Combine(_folder, "nothing")));
        Assert.False(writer.IsBroken);
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        var failure = await ThrowsAsync<EndOfStreamException>(async () => await writer.SendFileAsync(FileOf(1000), 0, 1001));
        Assert.Contains("it ends after 1000", failure.Message, StringComparison.Ordinal);
        Assert.True(writer.IsBroken);
        receiving.Cancel();
        await LoopTask.WhenAny(receiving);
    }));

    [Fact]
    public void One_that_grows_while_it_is_sent_is_sent_to_its_end_or_as_far_as_was_asked() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        var path = FileOf(1_000_000);
        var sending = LoopTask.Start(writer.SendFileAsync(path));
        await SettleAsync();
        Assert.False(sending.IsCompleted);
        await using (var more = new FileStream(path, FileMode.Append))
        {
            more.Write(Pattern(500_000, 1_000_000));
        }

        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        Assert.Equal(1_500_000, await sending);
        Assert.Equal(1_000_000, await writer.SendFileAsync(path, 0, 1_000_000));
        await writer.FinishAsync();
        byte[] whole = [.. Pattern(1_500_000), .. Pattern(1_000_000)];
        Assert.Equal(whole, await receiving);
    }));

    [Fact]
    public void One_that_shrinks_while_it_is_sent_fails_if_so_much_was_asked_for() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        var path = FileOf(2_000_000);
        var sending = LoopTask.Start(writer.SendFileAsync(path, 0, 2_000_000));
        await SettleAsync();
        Assert.False(sending.IsCompleted);
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.SetLength(1_500_000);
        }

        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        Assert.Contains("it ends after 1500000", (await ThrowsAsync<EndOfStreamException>(async () => await sending)).Message, StringComparison.Ordinal);
        Assert.True(writer.IsBroken);
        receiving.Cancel();
        await LoopTask.WhenAny(receiving);
    }));

    [Fact]
    public void A_pipe_is_no_file_and_does_not_stop_the_loop() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Its pipes have no paths.");
        var path = Path.Combine(_folder, "pipe");
        (await Subprocess.RunAsync(Peer.Require("mkfifo"), [path])).EnsureSuccess();
        Assert.Contains("is a named pipe", (await ThrowsAsync<NotSupportedException>(async () => await writer.SendFileAsync(path))).Message, StringComparison.Ordinal);

        // Opened for both it does not wait for another end.
        using var pipe = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        await ThrowsAsync<NotSupportedException>(async () => await writer.SendFileAsync(pipe));
        Assert.False(writer.IsBroken);
    }));

    [Fact]
    public void None_is_sent_in_the_clear_while_TLS_starts() => Run(() => WithConnectionAsync(async (here, there) =>
    {
        var starting = LoopTask.Start(here.StartTlsAsync(new SslClientAuthenticationOptions()));
        await SettleAsync();
        Assert.Contains("TLS started", (await ThrowsAsync<InvalidOperationException>(async () => await here.Writer.SendFileAsync(FileOf(1)))).Message, StringComparison.Ordinal);
        await ThrowsAsync<InvalidOperationException>(() => here.Writer.FinishAsync());
        starting.Cancel();
        await LoopTask.WhenAny(starting);
    }));

    [Fact]
    public void When_the_other_end_is_gone_it_fails_as_a_write_does() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        var sending = LoopTask.Start(writer.SendFileAsync(FileOf(5_000_000)));
        await SettleAsync();
        peer.Abort();
        var failure = await ThrowsAsync<ConnectionException>(async () => await sending);
        Assert.Contains(failure.ErrorCode, new[] { SocketError.ConnectionReset, SocketError.Shutdown });
        Assert.True(writer.IsBroken);
    }));

    [Fact]
    public void What_the_system_cannot_send_by_itself_is_read() => Run(() => WithWriterAsync(async (writer, peer) =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "It is a file that Linux makes while it is read.");
        var receiving = LoopTask.Start(ReceiveAllAsync(peer));
        await writer.SendFileAsync("/proc/self/environ");
        await writer.SendFileAsync("/proc/version");
        await writer.FinishAsync();
        Assert.EndsWith(await File.ReadAllTextAsync("/proc/version", TestContext.Current.CancellationToken), System.Text.Encoding.UTF8.GetString(await receiving), StringComparison.Ordinal);
    }));

    private string FileOf(int length)
    {
        var path = Path.Combine(_folder, $"{length}");
        File.WriteAllBytes(path, Pattern(length));
        return path;
    }
}
