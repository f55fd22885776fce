using System.Globalization;

namespace Heddle.Benchmarks.Processes;

/// <summary>What many children leave behind in the process that started them. On Linux.</summary>
static class ProcessCensus
{
    const int Children = 10_000;
    const int First = 100;

    /// <summary>False if anything is left.</summary>
    public static bool Run(TextWriter output)
    {
        (int zombies, int descriptors) = EventLoop.Run(async Coroutine<(int, int)> () =>
        {
            await HeddleProcesses.RunManyAsync(First);
            int before = Descriptors();
            await HeddleProcesses.RunManyAsync(Children);
            return (Zombies(), Descriptors() - before);
        });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Children} children of Heddle's left {zombies} zombies and {descriptors} descriptors."));
        return zombies == 0 && descriptors == 0;
    }

    static int Descriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();

    static int Zombies() => Directory.EnumerateDirectories("/proc")
        .Count(directory => Path.GetFileName(directory).All(char.IsAsciiDigit) && IsZombieOfThis(directory));

    static bool IsZombieOfThis(string directory)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(directory, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" && fields[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
