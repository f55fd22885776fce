using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Heddle.Tests.Net;

/// <summary>A real program that may have few descriptors, and a crowd that wants more of it.</summary>
public sealed class DescriptorTests
{
    private const int Limit = 128;

    [Theory]
    [InlineData("epoll", "handler")]
    [InlineData("sockets", "handler")]
    [InlineData("epoll", "none")]
    [InlineData("sockets", "none")]
    public async Task When_hardly_any_are_left_the_server_says_so_and_not_at_each_try_and_serves_again_when_some_are(string poller, string sink)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is set by a shell.");
        using var server = Start(poller, sink);
        var reports = sink == "handler" ? server.StandardOutput : server.StandardError;
        var endPoint = new IPEndPoint(IPAddress.Loopback, int.Parse((await server.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));

        // The system takes them all in, since nobody has accepted them yet.
        var crowd = new List<Socket>();
        for (var i = 0; i < Limit + 20; i++)
        {
            var one = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await one.ConnectAsync(endPoint);
            crowd.Add(one);
        }

        var report = await reports.ReadLineAsync();
        Assert.Contains($"127.0.0.1:{endPoint.Port}", report!, StringComparison.Ordinal);
        Assert.Contains("hardly any descriptors are left", report!, StringComparison.Ordinal);

        // A report on standard error goes on with its stack.
        var others = 0;
        var reading = Task.Run(async () =>
        {
            while (await reports.ReadLineAsync() is { } line)
            {
                others += line.Contains("hardly any descriptors are left", StringComparison.Ordinal)
                    && (sink == "handler" || line.StartsWith("heddle: ", StringComparison.Ordinal)) ? 1 : 0;
            }
        });

        // Real: for the other program to try again, several times, in vain.
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Equal(0, others);
        crowd.ForEach(static one => one.Dispose());
        Assert.Equal("hello", await EchoAsync(endPoint));
        server.StandardInput.Close();
        await reading;
        await server.WaitForExitAsync();

        Assert.Equal(0, server.ExitCode);
    }

    private static async Task<string?> EchoAsync(IPEndPoint endPoint)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endPoint);
        await client.GetStream().WriteAsync("hello\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync();
    }

    private static Process Start(string poller, string sink)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        return Process.Start(new ProcessStartInfo("sh", ["-c", $"ulimit -n {Limit}; exec dotnet '{program}' crowded {poller} {sink}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
