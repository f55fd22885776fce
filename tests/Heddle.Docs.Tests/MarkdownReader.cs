namespace Heddle.Docs.Tests;

/// <summary>Reads the samples of a document: each <c>csharp</c> block, with the <c>text</c> block next to it.</summary>
internal static class MarkdownReader
{
    private sealed record Block(IReadOnlyList<string> Info, int Line, string Text, bool AfterHeading)
    {
        public string Language => Info.Count > 0 ? Info[0] : "";

        public string? Source => Info.Skip(1).FirstOrDefault(IsFile);

        public IReadOnlyList<string> Rules => [.. Info.Skip(1).Where(word => !IsFile(word))];

        private static bool IsFile(string word) => word.Contains('/');
    }

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
                   pair.Second is { Language: "text", AfterHeading: false } output ? output.Text : null,
                   pair.First.Rules),
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

            yield return new Block(
                lines[i][3..].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                i + 1,
                string.Join('\n', lines[(i + 1)..end]),
                afterHeading);
            afterHeading = false;
            i = end;
        }
    }
}
