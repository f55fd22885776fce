using Heddle;

namespace Heddle.TestPrograms;

/// <summary>Says how many work items of the thread pool requests on a connection that is used again take: nobody else uses this process's pool.</summary>
internal static class HttpWork
{
    internal static async Coroutine CountAsync(string address, HttpTransport transport)
    {
        await using var http = new LoopHttpClient(new()
        {
            BaseAddress = new(address),
            Transport = transport,

            // The test's server has a certificate of its own.
            ConfigureHandler = handler => handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        using var body = new StringContent("body");
        await CountAsync("GET", async () => _ = await http.GetStringAsync("hello"), times: 200);
        await CountAsync("POST", async () => _ = await http.PostAsync("echo", body), times: 200);
        await CountAsync(
            "stream",
            async () =>
            {
                await using var response = await http.StreamAsync("stream/100");
                await foreach (var piece in response.ReadChunksAsync())
                {
                }
            },
            times: 5);
    }

    private static async Coroutine CountAsync(string what, Func<Coroutine> request, int times)
    {
        // The first one connects.
        await request();
        var before = ThreadPool.CompletedWorkItemCount;
        for (var i = 0; i < times; i++)
        {
            await request();
        }

        Console.WriteLine($"{what} {ThreadPool.CompletedWorkItemCount - before}");
    }
}
