using System.Diagnostics;
using System.Net;

namespace Heddle.NetworkStage;

/// <summary>This program again, as the server.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    internal ServerProcess(string poller)
    {
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["server", poller])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        EndPoints = [.. _process.StandardOutput.ReadLine()!.Split(' ').Select(IPEndPoint.Parse)];
    }

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
