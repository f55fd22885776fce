using System.Diagnostics;
using System.Globalization;

namespace Heddle.Tests.Http;

/// <summary>How much of an exchange runs on the thread pool. A program of its own counts: here other tests use the pool, too.</summary>
public sealed class HttpWorkItemTests(WebServer server) : IClassFixture<WebServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_connection_that_is_used_again_no_work_item_reaches_the_thread_pool(bool isSecure)
    {
        var items = await CountAsync(isSecure, HttpTransport.Loop);
        Assert.Equal([("GET", 0), ("POST", 0), ("stream", 0)], items);
    }

    [Fact]
    public async Task With_the_sockets_of_NET_each_answer_comes_by_way_of_the_pool()
        => Assert.All(await CountAsync(isSecure: false, HttpTransport.System), item => Assert.True(item.Count > 0, item.What));

    private async Task<List<(string What, int Count)>> CountAsync(bool isSecure, HttpTransport transport)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        using var program = Process.Start(new ProcessStartInfo(
            "dotnet", [path, "http", isSecure ? server.SecureAddress : server.Address, $"{transport}"]) { RedirectStandardOutput = true })!;
        var items = new List<(string, int)>();
        while (await program.StandardOutput.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            items.Add((words[0], int.Parse(words[1], CultureInfo.InvariantCulture)));
        }

        await program.WaitForExitAsync();
        Assert.Equal(0, program.ExitCode);
        return items;
    }
}
