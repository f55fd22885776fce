using System.Text;

namespace Heddle.Tool.Terminal;

/// <summary>What stands at the prompt: the marks before the lines, the text, and the cursor in it.</summary>
internal sealed record PromptView(string FirstMark, string NextMark, string Text, int Cursor);

/// <summary>A <see cref="PromptView"/> cut into the rows of a terminal, and where the cursor is in them.</summary>
internal sealed class Layout
{
    private readonly List<string> _rows = [];
    private readonly int _width;
    private readonly StringBuilder _row = new();
    private int _column;

    private Layout(int width) => _width = Math.Max(width, 8);

    internal IReadOnlyList<string> Rows => _rows;

    internal int CursorRow { get; private set; }

    internal int CursorColumn { get; private set; }

    /// <param name="view">What to show.</param>
    /// <param name="width">The terminal's.</param>
    /// <param name="height">The terminal's; of what is higher the part around the cursor is shown.</param>
    internal static Layout Of(PromptView view, int width, int height)
    {
        var layout = new Layout(width);
        layout.Place(view);
        layout.CutTo(Math.Max(1, height - 1));
        return layout;
    }

    private void Place(PromptView view)
    {
        AppendMark(view.FirstMark);
        for (var i = 0; i < view.Text.Length;)
        {
            if (i == view.Cursor)
            {
                NoteCursor();
            }

            // Whatever half of a character there may be is shown as one that is no character.
            Rune.DecodeFromUtf16(view.Text.AsSpan(i), out var rune, out var length);
            i += length;
            if (rune.Value == '\n')
            {
                EndRow();
                AppendMark(view.NextMark);
            }
            else
            {
                Append(rune.ToString(), DisplayWidth.Of(rune));
            }
        }

        if (view.Cursor == view.Text.Length)
        {
            NoteCursor();
        }

        EndRow();
    }

    private void AppendMark(string mark)
    {
        var fitting = DisplayWidth.Cut(mark, _width);
        _row.Append(fitting);
        _column += DisplayWidth.Of(fitting);
    }

    private void Append(string text, int width)
    {
        if (_column + width > _width)
        {
            EndRow();
        }

        _row.Append(text);
        _column += width;
    }

    private void NoteCursor()
    {
        if (_column == _width)
        {
            // Past the last column there is no place: the cursor stands on the next row.
            EndRow();
        }

        CursorRow = _rows.Count;
        CursorColumn = _column;
    }

    private void EndRow()
    {
        _rows.Add(_row.ToString());
        _row.Clear();
        _column = 0;
    }

    private void CutTo(int height)
    {
        if (_rows.Count <= height)
        {
            return;
        }

        var first = Math.Clamp(CursorRow - (height / 2), 0, _rows.Count - height);
        _rows.RemoveRange(0, first);
        _rows.RemoveRange(height, _rows.Count - height);
        CursorRow -= first;
    }
}
