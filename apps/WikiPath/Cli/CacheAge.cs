using System.Globalization;

namespace WikiPath.Cli;

/// <summary>An age as people write it on a command line: 30m, 12h, 7d.</summary>
static class CacheAge
{
    public static bool TryParse(string text, out TimeSpan age)
    {
        age = TimeSpan.Zero;
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > 36_500)
        {
            return false;
        }
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        age = number * (unit ?? default);
        return unit is not null;
    }
}
