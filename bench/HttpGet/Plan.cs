using System.Globalization;

namespace Heddle.Benchmarks.HttpGet;

/// <summary>What is asked for, by how many at once, and how long: the warm-up is not measured.</summary>
sealed record Plan(int Port, int Connections, TimeSpan Duration, TimeSpan WarmUp, int Body)
{
    public string Address => $"http://127.0.0.1:{Port}/";

    public static Plan? Parse(string[] args)
    {
        var plan = new Plan(Port: 0, Connections: 1, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2), Body: 1024);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out double value) || value < 0)
                return null;
            switch (args[i])
            {
                case "--port": plan = plan with { Port = (int)value }; break;
                case "--connections": plan = plan with { Connections = (int)value }; break;
                case "--seconds": plan = plan with { Duration = TimeSpan.FromSeconds(value) }; break;
                case "--warm-up": plan = plan with { WarmUp = TimeSpan.FromSeconds(value) }; break;
                case "--body": plan = plan with { Body = (int)value }; break;
                default: return null;
            }
        }
        return plan is { Port: > 0, Connections: > 0 } && plan.Duration > TimeSpan.Zero ? plan : null;
    }

    /// <summary>An answer that is not the server's is no request that was served.</summary>
    public void Check(int status, byte[] body)
    {
        if (status != 200 || body.Length != Body || body.AsSpan().ContainsAnyExcept((byte)'x'))
            throw new InvalidDataException($"Status {status} with {body.Length} bytes came from {Address}, and not 200 with {Body} times 'x'.");
    }
}
