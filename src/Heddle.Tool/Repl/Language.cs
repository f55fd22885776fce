using Heddle.Tool.Scripting;

namespace Heddle.Tool.Repl;

/// <summary>What is typed at the prompt: C#, or a command.</summary>
internal sealed class Language(ScriptEngine engine) : ILanguage
{
    private const string Load = ":load ";

    public bool IsComplete(string text)
        => string.IsNullOrWhiteSpace(text) || ReplCommands.Is(text) || ScriptEngine.IsComplete(text);

    public (int Start, IReadOnlyList<string> Words) Complete(string text, int cursor)
    {
        if (!ReplCommands.Is(text))
        {
            return CompleteCode(text, cursor);
        }

        var typed = text[..cursor];
        return typed.StartsWith(Load, StringComparison.Ordinal)
            ? (Load.Length, FilesLike(typed[Load.Length..]))
            : (0, [.. ReplCommands.Names.Where(name => name.StartsWith(typed, StringComparison.Ordinal))]);
    }

    private (int Start, IReadOnlyList<string> Words) CompleteCode(string text, int cursor)
    {
        try
        {
            return Completion.At(engine, text, cursor);
        }
        catch (Exception)
        {
            // Whatever the compiler stumbles over in half a line, a word that is not completed is no reason to lose the session.
            return (cursor, []);
        }
    }

    private static IReadOnlyList<string> FilesLike(string start)
    {
        try
        {
            var folder = Path.GetDirectoryName(start) ?? "";
            return
            [
                .. from path in Directory.EnumerateFileSystemEntries(folder.Length == 0 ? "." : folder, Path.GetFileName(start) + "*")
                   let name = Path.Combine(folder, Path.GetFileName(path))
                   orderby name
                   select Directory.Exists(path) ? name + Path.DirectorySeparatorChar : name,
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
