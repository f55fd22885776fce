using System.Text.RegularExpressions;

namespace Heddle.Docs.Tests;

/// <summary>What <c>asyncio-names.txt</c> lists: the names that a Python developer may look for, and the section that has them.</summary>
internal static partial class AsyncioNames
{
    public static IEnumerable<(string Section, string Name)> All
    {
        get
        {
            var section = "";
            foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "asyncio-names.txt")))
            {
                if (line.StartsWith("## ", StringComparison.Ordinal))
                {
                    section = line[3..];
                }
                else if (!line.StartsWith('#'))
                {
                    foreach (Match name in Name().Matches(line))
                    {
                        yield return (section, name.Value);
                    }
                }
            }
        }
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Name();
}
