using System.Text;

namespace Heddle.Tool.Terminal;

/// <summary>Words as a list for the screen.</summary>
internal static class Columns
{
    private const int Most = 120;

    /// <summary>In columns, read downwards, with a line end; the first of them only, where there are very many.</summary>
    internal static string Of(IReadOnlyList<string> words, int width)
    {
        var shown = words.Take(Most).ToList();
        var column = shown.Max(word => DisplayWidth.Of(word)) + 2;
        var columns = Math.Max(1, width / column);
        var rows = (shown.Count + columns - 1) / columns;
        var text = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            var line = new StringBuilder();
            for (var i = row; i < shown.Count; i += rows)
            {
                line.Append(shown[i]).Append(' ', column - DisplayWidth.Of(shown[i]));
            }

            text.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return words.Count > Most ? text.Append($"… and {words.Count - Most} more\n").ToString() : text.ToString();
    }

    /// <summary>What all of them begin with, in whole characters.</summary>
    internal static string CommonStart(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return "";
        }

        var length = words[0].Length;
        foreach (var word in words)
        {
            length = Math.Min(length, words[0].AsSpan().CommonPrefixLength(word));
        }

        return words[0][..(length > 0 && char.IsHighSurrogate(words[0][length - 1]) ? length - 1 : length)];
    }
}
