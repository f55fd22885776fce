using System.Diagnostics;

namespace Heddle.Tests.Net;

/// <summary>A real program, whose whole thread pool is blocked.</summary>
public sealed class NameLookupTests
{
    [Fact]
    public async Task Names_are_not_resolved_on_the_thread_pool()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        using var program = Process.Start(new ProcessStartInfo("dotnet", [path, "look-up"]) { RedirectStandardOutput = true })!;
        try
        {
            // Real: that the other program comes to its end. It stands still for ever if it needs the pool.
            var said = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.Equal("connected", said.Trim());
        }
        finally
        {
            program.Kill();
        }
    }
}
