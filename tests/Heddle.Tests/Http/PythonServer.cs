using System.Diagnostics;

namespace Heddle.Tests.Http;

/// <summary>Python's http.server in a process of its own.</summary>
internal sealed class PythonServer : IDisposable
{
    private readonly Process _process;

    private PythonServer(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    internal string Address { get; }

    internal static PythonServer Start(string python)
    {
        var process = Process.Start(new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Http", "peer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        return new(process, $"http://127.0.0.1:{process.StandardOutput.ReadLine()}/");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
