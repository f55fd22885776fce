using System.Globalization;

namespace Heddle.Tool.Terminal;

/// <summary>The text that is being typed, of one line or several, and the cursor in it.</summary>
internal sealed class LineBuffer
{
    private const string Indent = "    ";

    private string _cut = "";

    internal string Text { get; private set; } = "";

    internal int Cursor { get; private set; }

    internal bool IsEmpty => Text.Length == 0;

    private int LineStart => Text.AsSpan(0, Cursor).LastIndexOf('\n') + 1;

    private int LineEnd => Text.IndexOf('\n', Cursor) is >= 0 and var end ? end : Text.Length;

    internal bool IsOnFirstLine => LineStart == 0;

    internal bool IsOnLastLine => LineEnd == Text.Length;

    internal void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    internal void Insert(string text)
    {
        // What a terminal would act upon has no place in the text.
        text = string.Concat(text.Replace("\t", Indent).Where(c => c == '\n' || !char.IsControl(c)));
        if (text is "}" or ")" or "]" && Text[LineStart..Cursor] is { Length: >= 4 } before && string.IsNullOrWhiteSpace(before))
        {
            Remove(Cursor - Indent.Length, Cursor);
        }

        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>A new line, as far in as this one, and further after an opening bracket.</summary>
    internal void InsertLine()
    {
        var line = Text[LineStart..Cursor];
        var indent = line[..^line.TrimStart(' ').Length];
        Insert("\n" + indent + (line.TrimEnd() is [.., '{' or '(' or '['] ? Indent : ""));
    }

    internal void Replace(int start, string text)
    {
        Remove(start, Cursor);
        Insert(text);
    }

    internal void DeleteLeft() => Remove(Previous(), Cursor);

    internal void DeleteRight() => Remove(Cursor, Next());

    internal void DeleteWordLeft() => Cut(WordLeft(), Cursor);

    internal void DeleteWordRight() => Cut(Cursor, WordRight());

    internal void CutToEnd() => Cut(Cursor, LineEnd);

    internal void CutToStart() => Cut(LineStart, Cursor);

    internal void PasteCut() => Insert(_cut);

    internal void MoveLeft() => Cursor = Previous();

    internal void MoveRight() => Cursor = Next();

    internal void MoveWordLeft() => Cursor = WordLeft();

    internal void MoveWordRight() => Cursor = WordRight();

    internal void MoveHome() => Cursor = LineStart;

    internal void MoveEnd() => Cursor = LineEnd;

    internal void MoveToEnd() => Cursor = Text.Length;

    internal void MoveUp()
    {
        var column = Cursor - LineStart;
        Cursor = LineStart - 1;
        Cursor = WholeCharacter(Math.Min(LineStart + column, Cursor));
    }

    internal void MoveDown()
    {
        var column = Cursor - LineStart;
        Cursor = LineEnd + 1;
        Cursor = WholeCharacter(Math.Min(Cursor + column, LineEnd));
    }

    /// <summary>The place itself, unless it is in the middle of a surrogate pair: then the place before that.</summary>
    private int WholeCharacter(int place)
        => place > 0 && place < Text.Length && char.IsSurrogatePair(Text[place - 1], Text[place]) ? place - 1 : place;

    private int Previous()
    {
        var previous = 0;
        for (var i = 0; i < Cursor; i += StringInfo.GetNextTextElementLength(Text, i))
        {
            previous = i;
        }

        return previous;
    }

    private int Next() => Cursor == Text.Length ? Cursor : Cursor + StringInfo.GetNextTextElementLength(Text, Cursor);

    private int WordLeft()
    {
        var i = Cursor;
        while (i > 0 && !IsOfWord(Text[i - 1]))
        {
            i--;
        }

        while (i > 0 && IsOfWord(Text[i - 1]))
        {
            i--;
        }

        return i;
    }

    private int WordRight()
    {
        var i = Cursor;
        while (i < Text.Length && !IsOfWord(Text[i]))
        {
            i++;
        }

        while (i < Text.Length && IsOfWord(Text[i]))
        {
            i++;
        }

        return i;
    }

    private static bool IsOfWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private void Cut(int start, int end)
    {
        if (end > start)
        {
            _cut = Text[start..end];
            Remove(start, end);
        }
    }

    private void Remove(int start, int end)
    {
        Text = Text.Remove(start, end - start);
        Cursor = start;
    }
}
