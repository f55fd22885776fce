namespace Heddle.Docs.Tests;

/// <summary>
/// Reads the fenced blocks of a document, and its samples: each <c>csharp</c> block, with the <c>text</c> block next to it.
/// </summary>
internal static class MarkdownReader
{
    public static IReadOnlyList<Sample> Samples(string name, string markdown)
    {
        var blocks = Blocks(name, markdown).ToList();
        return
        [
            .. from pair in blocks.Zip(blocks.Skip(1).Append(null))
               where pair.First is { Language: "csharp", DeclaresRows: false }
               select new Sample(
                   $"{name}:{pair.First.Line}",
                   pair.First.Text,
                   pair.First.Source,
                   pair.Second is { Language: "text", AfterHeading: false } output ? output.Text : null,
                   pair.First.Rules),
        ];
    }

    public static IEnumerable<MarkdownBlock> Blocks(string name, string markdown)
    {
        var lines = Lines(markdown);
        var afterHeading = false;
        for (var i = 0; i < lines.Length; i++)
        {
            afterHeading |= lines[i].StartsWith('#');
            if (!IsFence(lines[i]))
            {
                continue;
            }

            var end = EndOfBlock(name, lines, i);
            yield return new MarkdownBlock(
                lines[i][3..].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                i + 1,
                string.Join('\n', lines[(i + 1)..end]),
                afterHeading);
            afterHeading = false;
            i = end;
        }
    }

    /// <summary>The lines outside of blocks, each with its number.</summary>
    public static IEnumerable<(int Number, string Text)> Prose(string name, string markdown)
    {
        var lines = Lines(markdown);
        for (var i = 0; i < lines.Length; i++)
        {
            if (IsFence(lines[i]))
            {
                i = EndOfBlock(name, lines, i);
            }
            else
            {
                yield return (i + 1, lines[i]);
            }
        }
    }

    private static string[] Lines(string markdown) => markdown.ReplaceLineEndings("\n").Split('\n');

    private static bool IsFence(string line) => line.StartsWith("```", StringComparison.Ordinal);

    private static int EndOfBlock(string name, string[] lines, int start)
    {
        var end = Array.IndexOf(lines, "```", start + 1);
        return end >= 0 ? end : throw new FormatException($"{name}:{start + 1}: the block is never closed.");
    }
}
