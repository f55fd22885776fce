using System.Diagnostics;
using System.Globalization;
using Heddle.LowLevel;

namespace Heddle.TestPrograms;

/// <summary>Runs many children, of which some are stopped and some cannot be started, and counts what they leave behind.</summary>
internal static class Children
{
    internal static int Run(string starter, int count)
    {
        // With both, and by default, every child has one of .NET's beside it.
        var options = new EventLoopOptions
        {
            ProcessStarter = starter switch { "default" => null, "portable" => ProcessStarters.Portable, _ => ProcessStarters.Native },
        };
        var report = EventLoop.Run(() => CountAsync(count, starter is "both" or "default"), options);
        Console.WriteLine(report);
        return 0;
    }

    /// <summary>Stops a child with children of its own, and those of a child that has ended.</summary>
    internal static int StopFamily() => EventLoop.Run(
        async () =>
        {
            const string Script = "(sleep 1000 & setsid sleep 1000 &); sleep 1000 & echo; wait";
            await using var process = Subprocess.Start("sh", ["-c", Script], new() { StandardOutput = SubprocessOutput.Pipe });
            await process.StandardOutput.ReadLineAsync();
            await process.StopAsync();
            Console.WriteLine($"{Zombies()} zombies");
            return 0;
        },
        new() { ProcessStarter = ProcessStarters.Native });

    /// <summary>Stops a child that has started another user's process, and prints how it ended, and that one's number.</summary>
    internal static int StopBesideForeigner(string starter, string becomingAnother) => EventLoop.Run(
        async () =>
        {
            const string Script = "\"$BECOMING\" --reuid=0 --regid=0 --clear-groups sh -c 'echo $$; exec sleep 1000' & wait";
            await using var process = Subprocess.Start("sh", ["-c", Script], new()
            {
                Environment = new Dictionary<string, string?> { ["BECOMING"] = becomingAnother },
                StandardOutput = SubprocessOutput.Pipe,
            });
            var foreigner = await process.StandardOutput.ReadLineAsync();
            var status = await process.StopAsync();
            Console.WriteLine($"{status.Code} {foreigner}");
            return 0;
        },
        new() { ProcessStarter = starter == "native" ? ProcessStarters.Native : ProcessStarters.Portable });

    private static async Coroutine<string> CountAsync(int count, bool withOthers)
    {
        await RunChildrenAsync(20, withOthers);
        var before = await CountDescriptorsAsync();
        await RunChildrenAsync(count, withOthers);
        var more = await CountDescriptorsAsync() - before;
        return string.Create(CultureInfo.InvariantCulture, $"{count} children, {Zombies()} zombies, {more} descriptors more");
    }

    private static Coroutine RunChildrenAsync(int count, bool withOthers)
        => Coroutine.WhenAll(Enumerable.Range(0, 4).Select(_ => RunSomeAsync(count / 4, withOthers)));

    private static async Coroutine RunSomeAsync(int count, bool withOthers)
    {
        for (var i = 0; i < count; i++)
        {
            await RunOneAsync(i);
            if (withOthers)
            {
                await RunOtherAsync().OrCanceled();
            }
        }
    }

    private static async Coroutine RunOneAsync(int number)
    {
        switch (number % 4)
        {
            case 0:
                (await Subprocess.RunAsync("true")).EnsureSuccess();
                break;
            case 1:
                var result = await Subprocess.RunAsync("cat", null, new() { StandardInput = SubprocessInput.Text("text") });
                if (result.OutputText != "text")
                {
                    throw new InvalidDataException($"cat said '{result.OutputText}' ({result.Status}).");
                }

                break;
            case 2:
                await using (Subprocess.Start("sleep", ["1000"], new() { StandardInput = SubprocessInput.Pipe, StandardOutput = SubprocessOutput.Pipe }))
                {
                    await Coroutine.Yield();
                }

                break;
            default:
                try
                {
                    await Subprocess.RunAsync("/no/such/program");
                }
                catch (SubprocessException)
                {
                    // As meant.
                }

                break;
        }
    }

    private static async Task RunOtherAsync()
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exit 5"]))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 5)
        {
            throw new InvalidDataException($"Its exit code is {process.ExitCode}.");
        }
    }

    // The fewest of some readings, on the wall clock: the runtime has a pipe for each thread while it starts it, which is no leak and
    // soon gone. What has leaked is in every reading.
    private static async Coroutine<int> CountDescriptorsAsync()
    {
        var fewest = int.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            await Coroutine.Delay(TimeSpan.FromMilliseconds(5));
            fewest = Math.Min(fewest, Directory.GetFileSystemEntries("/proc/self/fd").Count(IsNoAssembly));
        }

        return fewest;
    }

    private static bool IsNoAssembly(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget is { } target && !target.EndsWith(".dll", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // Closed meanwhile, like the one by which the folder was read.
            return false;
        }
    }

    private static int Zombies() => Directory.EnumerateDirectories("/proc").Count(static directory
        => Path.GetFileName(directory).All(char.IsAsciiDigit) && IsZombieOfThis(Path.Combine(directory, "stat")));

    private static bool IsZombieOfThis(string file)
    {
        try
        {
            var stat = File.ReadAllText(file);
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" && fields[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
