#:project ../src/Heddle/Heddle.csproj
#:package CsvHelper
// Reading a file blocks the thread that reads it. ToThread runs such a function on a thread that is not the loop's, and
// hands back a coroutine: the loop goes on meanwhile, as the ticks show.
using System.Globalization;
using CsvHelper;
using Heddle;

var path = Path.Combine(Path.GetTempPath(), $"db-{Guid.NewGuid():N}.csv");
File.WriteAllText(path, "name,invented\nDrawloom,-200\nJacquard machine,1804\nPower loom,1785\n");
EventLoop.Run(async () =>
{
    var ticks = 0;
    var data = await TaskGroup.RunAsync(async group =>
    {
        group.Start(async () =>
        {
            while (true)
            {
                ticks++;
                await Coroutine.Delay(TimeSpan.FromMilliseconds(1));
            }
        });
        var data = await Coroutine.ToThread(() => ReadDatabase(path));
        group.Cancel("the file is read");
        return data;
    });
    foreach (var row in data)
    {
        Console.WriteLine(string.Join(", ", row.Select(column => $"{column.Key}: {column.Value}")));
    }

    Console.WriteLine($"the loop went on meanwhile: {ticks > 1}");
});
File.Delete(path);

// The counterpart of csv.DictReader: each row by the names of the columns.
static List<Dictionary<string, string>> ReadDatabase(string path)
{
    Thread.Sleep(50);   // a slow disk
    using var reader = new CsvReader(new StreamReader(path), CultureInfo.InvariantCulture);
    return
    [
        .. reader.GetRecords<dynamic>()
            .Cast<IDictionary<string, object>>()
            .Select(row => row.ToDictionary(column => column.Key, column => (string)column.Value)),
    ];
}
