#:project ../src/Heddle/Heddle.csproj
// One file is read line by line and split into several on the fly. Each file that is written is a generator, which is
// sent its lines and closes the file when it is closed itself. Nothing but one line is ever in memory.
using Heddle;

var folder = Directory.CreateTempSubdirectory();
try
{
    var log = PathOf("all");
    File.WriteAllLines(
        log, ["INFO started", "WARN slow disk", "INFO connected", "FAIL lost connection", "INFO stopped"]);

    var outputs = new SortedDictionary<string, Generator<int, string>>(StringComparer.Ordinal);
    try
    {
        foreach (var line in File.ReadLines(log))
        {
            var level = line.Split(' ')[0];
            if (!outputs.TryGetValue(level, out var output))
            {
                outputs[level] = output = Write(PathOf(level)).Prime();
            }

            var count = output.Send(line);
            Console.WriteLine($"{level} now has {count}");
        }
    }
    finally
    {
        foreach (var output in outputs.Values)
        {
            output.Dispose();
        }
    }

    foreach (var level in outputs.Keys)
    {
        Console.WriteLine($"{level}.log: {string.Join(" | ", File.ReadLines(PathOf(level)))}");
    }
}
finally
{
    folder.Delete(recursive: true);
}

string PathOf(string name) => Path.Combine(folder.FullName, $"{name}.log");

static Generator<int, string> Write(string path) => new(async co =>
{
    using var file = File.CreateText(path);
    for (var count = 0; ; count++)
    {
        file.WriteLine(await co.Yield(count));
    }
});
