using System.Globalization;
using System.Text;

namespace Heddle.Tool.Terminal;

/// <summary>How many columns of a terminal a text takes.</summary>
internal static class DisplayWidth
{
    /// <summary>The blocks of the wide characters (East Asian scripts, emoji), first and last.</summary>
    private static readonly (int First, int Last)[] s_wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF),
        (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    internal static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    /// <summary>Colour codes take none.</summary>
    internal static int Of(string text)
    {
        var width = 0;
        var inCode = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\e')
            {
                inCode = true;
            }
            else if (inCode)
            {
                inCode = !Rune.IsLetter(rune);
            }
            else
            {
                width += Of(rune);
            }
        }

        return width;
    }

    private static bool IsWide(int value)
    {
        foreach (var (first, last) in s_wide)
        {
            if (value <= last)
            {
                return value >= first;
            }
        }

        return false;
    }
}
