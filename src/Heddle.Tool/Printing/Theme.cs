namespace Heddle.Tool;

/// <summary>Colours, or none: for a terminal that has them and a user who wants them (NO_COLOR).</summary>
internal sealed class Theme(bool hasColors)
{
    internal static bool AreColorsWelcome =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    internal string Prompt(string text) => In("1;36", text);

    internal string Error(string text) => In("1;31", text);

    internal string Warning(string text) => In("33", text);

    internal string Place(string text) => In("36", text);

    internal string Dim(string text) => In("2", text);

    private string In(string code, string text) => hasColors && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
