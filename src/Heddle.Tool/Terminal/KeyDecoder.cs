using System.Text;

namespace Heddle.Tool.Terminal;

/// <summary>Makes keys of the bytes that a terminal sends. Sequences may come in pieces, as they do over a network.</summary>
/// <remarks>A lone Escape waits for what follows it: nothing is bound to it, so no clock has to tell it from a sequence.</remarks>
internal sealed class KeyDecoder
{
    private const string PasteStart = "[200~";
    private const string PasteEnd = "\e[201~";
    private const char Interrupt = '\x03';

    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _pending = new();

    internal IEnumerable<Key> Decode(ReadOnlySpan<byte> bytes)
    {
        Span<char> chars = new char[bytes.Length + 1];
        var count = _utf8.GetChars(bytes, chars, flush: false);
        _pending.Append(chars[..count]);
        var keys = new List<Key>();
        while (_pending.Length > 0 && TryTake(_pending.ToString(), out var key, out var length))
        {
            _pending.Remove(0, length);
            keys.Add(key);
        }

        return keys;
    }

    private static bool TryTake(string text, out Key key, out int length)
    {
        if (text[0] == '\e')
        {
            return TryTakeEscape(text, out key, out length);
        }

        length = LengthOfCharacter(text, 0);
        key = char.IsControl(text[0]) ? new(OfControl(text[0])) : new(KeyKind.Text, text[..length]);
        return true;
    }

    private static int LengthOfCharacter(string text, int start)
        => start + 1 < text.Length && char.IsSurrogatePair(text, start) ? 2 : 1;

    private static KeyKind OfControl(char control) => control switch
    {
        '\r' or '\n' => KeyKind.Enter,
        '\t' => KeyKind.Tab,
        '\x7F' or '\b' => KeyKind.Backspace,
        '\x01' => KeyKind.Home,
        '\x02' => KeyKind.Left,
        Interrupt => KeyKind.Interrupt,
        '\x04' => KeyKind.EndOfInput,
        '\x05' => KeyKind.End,
        '\x06' => KeyKind.Right,
        '\x0B' => KeyKind.CutToEnd,
        '\x0C' => KeyKind.ClearScreen,
        '\x0E' => KeyKind.Down,
        '\x10' => KeyKind.Up,
        '\x12' => KeyKind.Search,
        '\x14' => KeyKind.Tasks,
        '\x15' => KeyKind.CutToStart,
        '\x17' => KeyKind.DeleteWordLeft,
        '\x19' => KeyKind.PasteCut,
        _ => KeyKind.Ignored,
    };

    private static bool TryTakeEscape(string text, out Key key, out int length)
    {
        key = new(KeyKind.Ignored);
        length = 0;
        if (text.Length < 2)
        {
            return false;
        }

        if (text.AsSpan(1).StartsWith(PasteStart))
        {
            return TryTakePaste(text, out key, out length);
        }

        if (char.IsControl(text[1]) && OfAlt(text[1]) == KeyKind.Ignored)
        {
            // A key of its own, pressed after Escape.
            length = 1;
            return true;
        }

        if (text[1] is not ('[' or 'O'))
        {
            length = 1 + LengthOfCharacter(text, 1);
            key = new(OfAlt(text[1]));
            return true;
        }

        // A control sequence ends with its first letter or '~'. What has no place in one belongs to the next key.
        for (var i = 2; i < text.Length; i++)
        {
            if (text[i] is >= '@' and <= '~')
            {
                length = i + 1;
                key = new(OfSequence(text[2..length]));
                return true;
            }

            if (text[i] is < ' ' or > '~')
            {
                length = i;
                return true;
            }
        }

        return false;
    }

    private static bool TryTakePaste(string text, out Key key, out int length)
    {
        key = default;
        length = 0;
        var start = 1 + PasteStart.Length;
        var end = text.IndexOf(PasteEnd, StringComparison.Ordinal);
        if (end >= 0)
        {
            length = end + PasteEnd.Length;
        }
        else if (text[^1] == Interrupt)
        {
            // The end was lost, and somebody tries to get out.
            length = end = text.Length - 1;
        }
        else
        {
            return false;
        }

        key = new(KeyKind.Text, text[start..end].ReplaceLineEndings("\n"));
        return true;
    }

    private static KeyKind OfAlt(char key) => key switch
    {
        '\r' or '\n' => KeyKind.NewLine,
        'b' => KeyKind.WordLeft,
        'f' => KeyKind.WordRight,
        'd' => KeyKind.DeleteWordRight,
        '\x7F' or '\b' => KeyKind.DeleteWordLeft,
        _ => KeyKind.Ignored,
    };

    private static KeyKind OfSequence(string sequence) => sequence switch
    {
        "A" => KeyKind.Up,
        "B" => KeyKind.Down,
        "C" => KeyKind.Right,
        "D" => KeyKind.Left,
        "H" or "1~" or "7~" => KeyKind.Home,
        "F" or "4~" or "8~" => KeyKind.End,
        "3~" => KeyKind.Delete,
        "1;5C" or "1;3C" => KeyKind.WordRight,
        "1;5D" or "1;3D" => KeyKind.WordLeft,
        "3;5~" or "3;3~" => KeyKind.DeleteWordRight,
        _ => KeyKind.Ignored,
    };
}
