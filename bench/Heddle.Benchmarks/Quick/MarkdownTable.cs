namespace Heddle.Benchmarks.Quick;

/// <summary>Prints lines of cells with aligned columns; the first line is the header, the first cell a name.</summary>
static class MarkdownTable
{
    public static void Print(TextWriter output, IEnumerable<string[]> lines)
    {
        string[][] table = [.. lines];
        int[] widths = [.. Enumerable.Range(0, table[0].Length).Select(Width)];
        PrintLine(table[0].Select(Pad));
        PrintLine(widths.Select(Rule));
        foreach (string[] line in table[1..])
            PrintLine(line.Select(Pad));

        int Width(int column) => Math.Max(3, table.Max(line => line[column].Length));
        string Pad(string cell, int column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]);
        string Rule(int width, int column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ":";
        void PrintLine(IEnumerable<string> cells) => output.WriteLine("| " + string.Join(" | ", cells) + " |");
    }
}
