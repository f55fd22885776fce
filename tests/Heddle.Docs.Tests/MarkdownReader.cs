namespace Heddle.Docs.Tests;

/// <summary>Reads the samples of a document: each <c>csharp</c> block, with the <c>text</c> block next to it.</summary>
internal static class MarkdownReader
{
    private sealed record Block(string Language, string? Source, int Line, string Text, bool AfterHeading);

    public static IReadOnlyList<Sample> Samples(string name, string markdown)
    {
        var blocks = Blocks(name, markdown).ToList();
        return
        [
            .. from pair in blocks.Zip(blocks.Skip(1).Append(null))
               where pair.First.Language == "csharp"
               select new Sample(
                   $"{name}:{pair.First.Line}",
                   pair.First.Text,
                   pair.First.Source,
                   pair.Second is { Language: "text", AfterHeading: false } output ? output.Text : null),
        ];
    }

    private static IEnumerable<Block> Blocks(string name, string markdown)
    {
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        var afterHeading = false;
        for (var i = 0; i < lines.Length; i++)
        {
            afterHeading |= lines[i].StartsWith('#');
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(lines, "```", i + 1);
            if (end < 0)
            {
                throw new FormatException($"{name}:{i + 1}: the block is never closed.");
            }

            var words = lines[i][3..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            yield return new Block(
                words.ElementAtOrDefault(0) ?? "",
                words.ElementAtOrDefault(1),
                i + 1,
                string.Join('\n', lines[(i + 1)..end]),
                afterHeading);
            afterHeading = false;
            i = end;
        }
    }
}
