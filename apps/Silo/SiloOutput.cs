using System.Text.RegularExpressions;

namespace Heddle.Silo;

/// <summary>
/// What the program says. A silo goes on, and leaves in order, when that cannot be written: the disk of its log may be full,
/// or the stream closed.
/// </summary>
internal static partial class SiloOutput
{
    internal static void Say(string text) => Write(Console.Out, text);

    internal static void Complain(string text) => Write(Console.Error, WithoutPasswords(text));

    internal static bool IsLoss(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or ObjectDisposedException;

    /// <summary>Also in what others say: an error of the Redis client names the server as it was given, and one of the command line the word.</summary>
    private static string WithoutPasswords(string text) => AddressUser().Replace(PasswordOption().Replace(text, "password=…"), "://…@");

    [GeneratedRegex(@"\bpassword\s*=[^,\s']*", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordOption();

    [GeneratedRegex("://.*@")]
    private static partial Regex AddressUser();

    private static void Write(TextWriter writer, string text)
    {
        try
        {
            writer.WriteLine($"heddle-silo: {text}");
        }
        catch (Exception failure) when (IsLoss(failure))
        {
        }
    }
}
