using System.Text;

namespace Heddle;

/// <summary>Environment variables of this program that are no UTF-8, as it was given them: .NET shows them with U+FFFD for what it cannot read.</summary>
internal static class InheritedVariables
{
    private const char Unreadable = '\uFFFD';

    private static readonly Lazy<Dictionary<string, byte[]>> s_entries = new(Read);

    /// <summary>The bytes of an entry, <c>name=value</c>, that has not been changed since; null for all others, which are what they seem.</summary>
    internal static byte[]? BytesOf(string entry) => entry.Contains(Unreadable) ? s_entries.Value.GetValueOrDefault(entry) : null;

    private static Dictionary<string, byte[]> Read()
    {
        var entries = new Dictionary<string, byte[]>();
        try
        {
            ReadOnlySpan<byte> all = File.ReadAllBytes("/proc/self/environ");
            foreach (var range in all.Split((byte)0))
            {
                if (Encoding.UTF8.GetString(all[range]) is var entry && entry.Contains(Unreadable))
                {
                    entries.TryAdd(entry, all[range].ToArray());
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // No /proc: they go on as .NET shows them.
        }

        return entries;
    }
}
