#:project ../apps/WikiPath/WikiPath.csproj
#:property PublishAot=false

// How much memory a search takes: a graph of a million pages, made up on the way and met whole.
//
//   dotnet run -c Release bench/wikipath-memory.cs [PAGES] [LINKS]
using System.Globalization;
using WikiPath.Search;

var pages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
var links = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
var before = GC.GetTotalMemory(forceFullCollection: true);
var begun = TimeProvider.System.GetTimestamp();

// A tree of a thousand pages with a thousand each; besides, every page of a level links to some of the next.
var random = new Random(1);
var width = (int)Math.Sqrt(pages);
var search = new BidirectionalSearch("Start", "Nowhere");
search.AddKnown(Direction.Forward, "Start", [.. Enumerable.Range(0, width).Select(Title)]);
foreach (var title in search.Unasked(Direction.Forward).ToList())
{
    var first = int.Parse(title.AsSpan(title.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture) * width + width;
    var children = Enumerable.Range(first, width);
    var others = Enumerable.Range(0, width * (links - 1)).Select(_ => width + random.Next(width * width));
    search.AddKnown(Direction.Forward, title, [.. children.Concat(others).Select(Title)]);
}

var taken = TimeProvider.System.GetElapsedTime(begun);
var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{search.TitlesMet:N0} pages with {links} links each: {bytes / (double)search.TitlesMet:0} bytes a page, "
    + $"{bytes >> 20} MB in all, {taken.TotalSeconds:0.0} s"));
GC.KeepAlive(search);

// Twenty-odd letters, as on the English Wikipedia.
static string Title(int number) => $"An article's title {number}";
