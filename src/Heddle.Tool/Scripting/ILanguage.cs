namespace Heddle.Tool.Scripting;

/// <summary>What the prompt has to know of what is typed there. Called on the thread of the keys.</summary>
internal interface ILanguage
{
    /// <summary>Whether the text is a whole input, be it a wrong one; if not, another line has to follow.</summary>
    bool IsComplete(string text);

    /// <summary>The words that can stand at the cursor, and where the word begins that they would replace.</summary>
    (int Start, IReadOnlyList<string> Words) Complete(string text, int cursor);
}
