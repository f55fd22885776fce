using Heddle.Tool.Scripting;

namespace Heddle.Tool.Repl;

/// <summary>Cuts a script into what would have been typed one by one.</summary>
internal static class ScriptParts
{
    /// <summary>
    /// The code between commands in one piece, if it reads as one; else line by line, as at the prompt. A line that begins with a colon
    /// is no command while the code before it is not whole.
    /// </summary>
    internal static IEnumerable<string> Of(string script)
    {
        var code = new List<string>();
        foreach (var line in script.ReplaceLineEndings("\n").Split('\n'))
        {
            if (!ReplCommands.Is(line) || !ScriptEngine.IsComplete(string.Join('\n', code)))
            {
                code.Add(line);
                continue;
            }

            foreach (var part in OfCode(code))
            {
                yield return part;
            }

            code.Clear();
            yield return line;
        }

        foreach (var part in OfCode(code))
        {
            yield return part;
        }
    }

    private static IEnumerable<string> OfCode(List<string> lines)
    {
        var whole = string.Join('\n', lines);
        return string.IsNullOrWhiteSpace(whole) ? []
            : ScriptEngine.HasErrors(ScriptEngine.Parse(whole)) ? ByLine(lines)
            : [whole];
    }

    private static IEnumerable<string> ByLine(List<string> lines)
    {
        var part = "";
        foreach (var line in lines)
        {
            part += part.Length == 0 ? line : "\n" + line;
            if (!string.IsNullOrWhiteSpace(part) && ScriptEngine.IsComplete(part))
            {
                yield return part;
                part = "";
            }
        }

        if (!string.IsNullOrWhiteSpace(part))
        {
            yield return part;
        }
    }
}
