using System.Diagnostics;
using System.Net;

namespace Heddle.NetworkStage;

/// <summary>This program again, as the server.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    internal ServerProcess(string poller)
        : this(new ProcessStartInfo(Environment.ProcessPath!, ["server", poller]))
    {
    }

    private ServerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
        EndPoints = [.. _process.StandardOutput.ReadLine()!.Split(' ').Select(IPEndPoint.Parse)];
    }

    /// <summary>The server with the default options, which may have so many descriptors.</summary>
    internal static ServerProcess WithDescriptors(int most, string poller)
        => new(new ProcessStartInfo("sh", ["-c", $"ulimit -n {most}; exec '{Environment.ProcessPath}' default-server {poller}"]));

    internal IPEndPoint[] EndPoints { get; }

    internal async Coroutine<Held> AskAsync()
    {
        await using var connection = await TcpConnection.ConnectAsync(EndPoints[0]);
        connection.Writer.Write($"{EchoServer.Ask}\n");
        return Held.Parse((await connection.Reader.ReadLineAsync())!);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
