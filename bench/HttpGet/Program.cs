using System.Text.Json;
using Heddle.Benchmarks.HttpGet;

var json = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
switch (args)
{
    case ["clients"]:
        Console.WriteLine(JsonSerializer.Serialize(Clients.All.Select(client => new { client.Key, client.Title }), json));
        return 0;
    case ["run", var key, .. var rest]
        when Array.Find(Clients.All, client => client.Key == key) is { } client && Plan.Parse(rest) is { } plan:
        Console.WriteLine(JsonSerializer.Serialize(client.Run(plan), json));
        return 0;
    default:
        Console.Error.WriteLine(
            $"""
            Asks a server for the same page again and again, and prints what a request took; bench/http_get.py starts it.

            clients                     lists the clients
            run CLIENT --port P         one of {string.Join(", ", Clients.All.Select(client => client.Key))}
              --connections N           each with one request under way (default 1)
              --seconds S --warm-up S   measured, and before that (default 2 and 2)
              --body BYTES              what an answer must have (default 1024)
            """);
        return 2;
}
