using System.Text;

namespace Heddle.Tool.Terminal;

/// <summary>The terminal as seen from inside: what is written appears above the prompt, which is drawn anew below it. Any thread.</summary>
/// <remarks>
/// <see cref="Console"/> is not touched in here, not even for the size: whoever writes to it holds its lock while the text comes here, so
/// to take that lock too would be a deadlock.
/// </remarks>
internal sealed class Screen
{
    /// <summary>Of an unfinished line no more than this is written again.</summary>
    private const int LongestTail = 4096;

    private readonly Lock _gate = new();
    private readonly Stream _output;
    private readonly Encoder _utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetEncoder();
    private (int Width, int Height) _size;
    private PromptView? _prompt;
    private Layout? _shown;

    /// <summary>What was written since the last line end. While the prompt is shown it stands on the row above.</summary>
    private string _tail = "";

    internal Screen(Stream output, (int Width, int Height) size)
    {
        _output = output;
        _size = size;
    }

    internal int Width
    {
        get
        {
            lock (_gate)
            {
                return _size.Width;
            }
        }
    }

    /// <summary>Writes to the end of what was written before.</summary>
    internal void Write(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        lock (_gate)
        {
            var draft = new StringBuilder();
            Erase(draft);
            draft.Append(text);
            KeepTail(text);
            Draw(draft);
            Send(draft);
        }
    }

    /// <summary>Shows the prompt, or shows it as it has become.</summary>
    internal void Show(PromptView prompt)
    {
        lock (_gate)
        {
            _prompt = prompt;
            ShowPrompt();
        }
    }

    /// <summary>The terminal's size has changed: draws all anew.</summary>
    internal void Resize((int Width, int Height) size)
    {
        lock (_gate)
        {
            _size = size;
            if (_prompt is not null)
            {
                ShowPrompt();
            }
        }
    }

    /// <summary>Leaves the prompt where it is: what is written from now on stands below it.</summary>
    internal void Leave(string after = "")
    {
        lock (_gate)
        {
            if (_shown is null)
            {
                return;
            }

            var draft = new StringBuilder();
            Down(draft, _shown.Rows.Count - 1 - _shown.CursorRow);
            draft.Append(after).Append("\r\n");
            _prompt = null;
            _shown = null;
            _tail = "";
            Send(draft);
        }
    }

    internal void Clear()
    {
        lock (_gate)
        {
            var draft = new StringBuilder("\e[H\e[2J");
            _tail = "";
            if (_prompt is not null)
            {
                DrawPrompt(draft);
            }

            Send(draft);
        }
    }

    /// <summary>For what is no text: modes of the terminal.</summary>
    internal void SendCode(string code)
    {
        lock (_gate)
        {
            Send(new StringBuilder(code));
        }
    }

    private void ShowPrompt()
    {
        var draft = new StringBuilder();
        if (_shown is null)
        {
            draft.Append(_tail.Length > 0 ? "\r\n" : "");
        }
        else
        {
            ErasePrompt(draft);
        }

        DrawPrompt(draft);
        Send(draft);
    }

    private void Erase(StringBuilder draft)
    {
        if (_shown is null)
        {
            return;
        }

        ErasePrompt(draft);
        if (_tail.Length > 0)
        {
            Up(draft, Math.Max(1, (DisplayWidth.Of(_tail) + _size.Width - 1) / _size.Width));
            draft.Append("\r\e[J").Append(_tail);
        }
    }

    private void ErasePrompt(StringBuilder draft)
    {
        Up(draft, _shown!.CursorRow);
        draft.Append("\r\e[J");
    }

    private void Draw(StringBuilder draft)
    {
        if (_shown is not null)
        {
            draft.Append(_tail.Length > 0 ? "\r\n" : "");
            DrawPrompt(draft);
        }
    }

    private void DrawPrompt(StringBuilder draft)
    {
        _shown = Layout.Of(_prompt!, _size.Width, _size.Height);
        draft.AppendJoin("\r\n", _shown.Rows);
        Up(draft, _shown.Rows.Count - 1 - _shown.CursorRow);
        draft.Append('\r');
        if (_shown.CursorColumn > 0)
        {
            draft.Append($"\e[{_shown.CursorColumn}C");
        }
    }

    private void KeepTail(string text)
    {
        var end = text.LastIndexOf('\n');
        _tail = end < 0 ? _tail + text : text[(end + 1)..];

        // What stands before a carriage return is written over by what comes after it.
        var piece = _tail.AsSpan().TrimEnd('\r').LastIndexOf('\r') + 1;
        _tail = _tail[piece..];
        if (_tail.Length > LongestTail)
        {
            _tail = _tail[^LongestTail..];
        }
    }

    private static void Up(StringBuilder draft, int rows) => draft.Append(rows > 0 ? $"\e[{rows}A" : "");

    private static void Down(StringBuilder draft, int rows) => draft.Append(rows > 0 ? $"\e[{rows}B" : "");

    private void Send(StringBuilder draft)
    {
        var text = draft.ToString();
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var count = _utf8.GetBytes(text, bytes, flush: false);
        try
        {
            _output.Write(bytes, 0, count);
            _output.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone. Whoever reads from it hears so, and ends the session.
        }
    }
}
