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
    [InlineData("epoll")]
    [InlineData("sockets")]
    public async Task When_none_are_left_the_server_says_so_and_not_at_each_try_and_serves_again_when_some_are(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is set by a shell.");
        using var program = Start(poller);
        var endPoint = new IPEndPoint(IPAddress.Loopback, int.Parse((await program.Process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));

        // The system takes them all in, since nobody has accepted them yet.
        var crowd = new List<Socket>();
        for (var i = 0; i < Limit + 20; i++)
        {
            var one = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await one.ConnectAsync(endPoint);
            crowd.Add(one);
        }

        var report = await program.Process.StandardOutput.ReadLineAsync();
        Assert.Contains($"127.0.0.1:{endPoint.Port}", report!, StringComparison.Ordinal);
        Assert.Contains("no descriptors are left", report!, StringComparison.Ordinal);

        // Real: for the other program to try again, several times, in vain.
        var nextReport = program.Process.StandardOutput.ReadLineAsync();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.False(nextReport.IsCompleted);
        crowd.ForEach(static one => one.Dispose());
        Assert.Equal("hello", await EchoAsync(endPoint));
        program.Process.StandardInput.Close();
        await program.Process.WaitForExitAsync();

        Assert.Equal(0, program.Process.ExitCode);
    }

    [Theory]
    [InlineData("epoll")]
    [InlineData("sockets")]
    public async Task A_server_whose_reports_need_a_descriptor_too_outlives_that_none_is_left(string poller)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The limit is set by a shell.");

        // Standard error is opened at the first report, for which there is no descriptor then.
        using var program = Start($"{poller} unheard");
        var endPoint = new IPEndPoint(IPAddress.Loopback, int.Parse((await program.Process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
        var crowd = new List<Socket>();
        for (var i = 0; i < Limit + 20; i++)
        {
            var one = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await one.ConnectAsync(endPoint);
            crowd.Add(one);
        }

        while (Directory.GetFileSystemEntries($"/proc/{program.Process.Id}/fd").Length < Limit)
        {
            // Real: for the other program to take them in.
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        // Real: for it to fail, and to try again.
        await Task.Delay(500, TestContext.Current.CancellationToken);
        crowd.ForEach(static one => one.Dispose());
        Assert.Equal("hello", await EchoAsync(endPoint));
        program.Process.StandardInput.Close();
        await program.Process.WaitForExitAsync();

        Assert.Equal(0, program.Process.ExitCode);
    }

    private static async Task<string?> EchoAsync(IPEndPoint endPoint)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(endPoint);
        await client.GetStream().WriteAsync("hello\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadLineAsync();
    }

    private static CrowdedProgram Start(string poller)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        return new(Process.Start(new ProcessStartInfo("sh", ["-c", $"ulimit -n {Limit}; exec dotnet '{program}' crowded {poller}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,

            // The runtime itself must not need a descriptor while there is none: it maps what it compiles by a file, and starts a
            // thread, which takes a pipe, to compile anew what is used much.
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0", ["DOTNET_TieredCompilation"] = "0" },
        })!);
    }

    /// <summary>Ends with the test, whatever comes of that.</summary>
    private sealed class CrowdedProgram(Process process) : IDisposable
    {
        internal Process Process => process;

        public void Dispose()
        {
            process.Kill();
            process.Dispose();
        }
    }
}
