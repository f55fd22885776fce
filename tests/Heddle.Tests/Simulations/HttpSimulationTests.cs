using System.Net;
using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>HTTP in simulated runs: the handler of .NET gives work to the thread pool, and the runs are the same each time all the same.</summary>
/// <remarks>
/// Whatever else is at work in the pool would be waited for, so that these are alone in the process, or in one of their own. <c>eng/same-runs.sh</c> makes the runs of
/// 10,000 seeds; a hundred thousand are made by <c>Heddle.TestPrograms simulation-http web 1 100000 -v</c>, and <c>wiki</c>.
/// </remarks>
public class HttpSimulationTests
{
    private static readonly SimulationOptions s_short = new() { Runs = 60, Time = Timeout.InfiniteTimeSpan };

    [Theory]
    [InlineData("web")]
    [InlineData("wiki")]
    public async Task A_client_and_WikiPath_bear_all_faults_and_do_so_alike_with_one_and_with_two_processors(string program)
    {
        var one = await OtherProcess.RunAsync(["simulation-http", program, "1", "200"], ("DOTNET_PROCESSOR_COUNT", "1"));
        var two = await OtherProcess.RunAsync(["simulation-http", program, "1", "200"], ("DOTNET_PROCESSOR_COUNT", "2"));
        Assert.Equal(one, two);
        Assert.Equal(2, one.Distinct().Count());
    }

    [Fact(DisableParallelization = true)]
    public void A_client_is_on_the_machine_that_its_request_was_sent_from()
        => Simulation.Explore(
            async world =>
            {
                IPEndPoint? seen = null;
                world.AddHost("shop", () => ServeAsync(connection => seen = (IPEndPoint)connection.RemoteEndPoint!));
                var desk = world.AddHost("desk");
                await desk.RunAsync(async () =>
                {
                    await using var http = new LoopHttpClient();
                    Assert.Equal("hello", await http.GetStringAsync("http://shop/"));
                });
                Assert.Equal(desk.Address, seen!.Address);
            },
            s_short);

    [Fact(DisableParallelization = true)]
    public void A_machine_that_crashes_in_the_middle_of_a_request_takes_it_along_and_tells_nobody()
        => Simulation.Explore(
            async world =>
            {
                var hasHeard = false;
                world.AddHost("shop", () => ServeAsync(
                    static _ => { },
                    async connection =>
                    {
                        try
                        {
                            await connection.Reader.ReadLineAsync();
                        }
                        finally
                        {
                            hasHeard = true;
                        }
                    }));
                var desk = world.AddHost("desk", async () =>
                {
                    await using var http = new LoopHttpClient();
                    await http.GetStringAsync("http://shop/");
                });
                await Coroutine.Delay(TimeSpan.FromSeconds(1));
                desk.Crash();
                await Coroutine.Delay(TimeSpan.FromMinutes(5));
                Assert.False(hasHeard, "the shop has heard of the end");
                Assert.DoesNotContain(EventLoop.Current.Tasks, static task => task.Name.StartsWith("desk", StringComparison.Ordinal));
            },
            s_short);

    [Fact]
    public async Task Work_of_others_in_the_thread_pool_is_named_after_a_second_and_not_waited_for_without_end()
        => Assert.Contains(
            "the thread pool was at work for others for a second", Assert.Single(await OtherProcess.RunAsync(["simulation-http", "beside others", "1", "1"])), StringComparison.Ordinal);

    /// <param name="look">Is shown each connection.</param>
    /// <param name="andThen">What follows the headers; null to answer.</param>
    private static async Coroutine ServeAsync(Action<TcpConnection> look, Func<TcpConnection, Coroutine>? andThen = null)
    {
        await using var server = TcpServer.Start(new(IPAddress.Any, 80), async connection =>
        {
            look(connection);
            while (await connection.Reader.ReadLineAsync() is { } line)
            {
                if (line.Length == 0 && andThen is not null)
                {
                    await andThen(connection);
                }
                else if (line.Length == 0)
                {
                    connection.Writer.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                    await connection.Writer.FlushAsync();
                }
            }
        });
        await Coroutine.Delay(Timeout.InfiniteTimeSpan);
    }
}
