#:project ../src/Heddle/Heddle.csproj
#:project Support/Support.csproj
// A client that gets a page. One client is made and shared: it keeps the connections.
using Heddle;
using Heddle.Samples;
using Microsoft.AspNetCore.Builder;

using var site = Site.Start(app => app.MapGet("/", () => "Example Domain"));

EventLoop.Run(async () =>
{
    await using var http = new LoopHttpClient(new() { BaseAddress = site.Address });
    var response = await http.GetAsync("");
    Console.WriteLine($"{(int)response.StatusCode} {response.ReasonPhrase}, {response.ContentHeaders.ContentType}");
    Console.WriteLine(await response.ReadAsStringAsync());

    // Who wants the body alone leaves it to the client to check the status.
    Console.WriteLine(await http.GetStringAsync(""));
    try
    {
        await http.GetStringAsync("missing");
    }
    catch (LoopHttpException failure)
    {
        Console.WriteLine($"{failure.Method} {failure.Address.AbsolutePath}: {failure.StatusCode}");
    }
});
