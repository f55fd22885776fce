using System.Diagnostics;

namespace Heddle.Tests.Executors;

/// <summary>A real program with workers that compute without end; however it ends, they and what they have started end with it.</summary>
public class ParentProgramTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Workers_start_wherever_TMPDIR_points(bool isThere)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "TMPDIR is Unix'.");
        var folder = Directory.CreateTempSubdirectory("heddle");
        try
        {
            var place = Path.Combine(folder.FullName, new string('x', 120));
            if (isThere)
            {
                Directory.CreateDirectory(place);
            }

            var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
            using var program = Process.Start(new ProcessStartInfo("dotnet", [path, "workers", "exit"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment = { ["TMPDIR"] = place },
            })!;
            Assert.NotNull(await program.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            await program.StandardInput.WriteLineAsync("now");
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("exit")]
    [Trait("pitfall", "21")]
    public async Task No_worker_outlives_its_program(string ending)
    {
        ProcessTable.Require();
        Peer.Require("sleep");

        // Far longer than it takes: what fails here would otherwise wait without end.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        var path = Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll");
        using var program = Process.Start(new ProcessStartInfo("dotnet", [path, "workers", ending])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = program.StandardError.ReadToEndAsync(patience.Token);
        var processes = new List<int>();
        for (var i = 0; i < 2; i++)
        {
            processes.AddRange((await program.StandardOutput.ReadLineAsync(patience.Token))!.Split(' ').Select(int.Parse));
        }

        try
        {
            Assert.All(processes, process => Assert.True(ProcessTable.IsRunning(process)));
            if (ending == "exit")
            {
                await program.StandardInput.WriteLineAsync("now");
            }
            else
            {
                using var kill = Process.Start("kill", ["-" + ending, $"{program.Id}"]);
                await kill.WaitForExitAsync(patience.Token);
            }

            // All of them have its output and its errors open, so these end when the last of them has.
            Assert.Equal("", await program.StandardOutput.ReadToEndAsync(patience.Token));
            await errors;
            foreach (var process in processes)
            {
                while (ProcessTable.IsRunning(process))
                {
                    // On the wall clock, as it is another process: it closes its files a moment before it is gone.
                    await Task.Delay(2, patience.Token);
                }
            }
        }
        finally
        {
            foreach (var process in processes.Where(ProcessTable.IsRunning))
            {
                using var left = Process.GetProcessById(process);
                left.Kill();
            }
        }
    }
}
