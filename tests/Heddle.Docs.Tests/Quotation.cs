namespace Heddle.Docs.Tests;

/// <summary>A block of a document that shows a part of a sample in <c>samples/</c>.</summary>
internal static class Quotation
{
    /// <summary>What stands in a quotation for lines that were left out.</summary>
    public const string LeftOut = "// …";

    /// <summary>Throws when the sample has no such lines, or its output none like those that are shown.</summary>
    public static void Verify(Sample sample)
    {
        var program = Path.Combine(Repository.Root, sample.Source!);
        Assert.True(
            IsTrue(sample.Code, File.ReadAllText(program)),
            $"{sample.Place} is not what {sample.Source} says. What is left out is shown as '{LeftOut}'.");
        Assert.True(
            sample.Output is null || IsTrue(sample.Output, File.ReadAllText(Path.ChangeExtension(program, ".out"))),
            $"The output below {sample.Place} is not what {sample.Source} prints.");
    }

    /// <summary>
    /// Whether the quotation's lines stand in the file in their order and without a gap but where it says so; it may be
    /// indented otherwise.
    /// </summary>
    public static bool IsTrue(string quotation, string file)
    {
        var lines = Lines(file);
        var from = 0;
        foreach (var part in Parts(Lines(quotation)))
        {
            while (!Matches(part, lines[from..]))
            {
                if (from++ == lines.Length)
                {
                    return false;
                }
            }

            from += part.Count;
        }

        return true;
    }

    private static IEnumerable<List<string>> Parts(IEnumerable<string> quotation)
    {
        var part = new List<string>();
        foreach (var line in quotation)
        {
            if (line.Trim() != LeftOut)
            {
                part.Add(line);
            }
            else if (part.Count > 0)
            {
                yield return part;
                part = [];
            }
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    private static bool Matches(List<string> part, string[] lines)
    {
        if (part.Count > lines.Length || !lines[0].EndsWith(part[0], StringComparison.Ordinal))
        {
            return false;
        }

        var indentation = lines[0][..^part[0].Length];
        return string.IsNullOrWhiteSpace(indentation)
            && part.Zip(lines).All(pair => pair.Second == (pair.First.Length == 0 ? "" : indentation + pair.First));
    }

    private static string[] Lines(string text) => Printed.Trim(text).Split('\n');
}
