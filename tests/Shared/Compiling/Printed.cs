namespace Heddle.TestSupport;

/// <summary>What a program prints, as it is compared: line by line, without what nobody sees.</summary>
internal static class Printed
{
    public static string Trim(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).Trim('\n');
}
