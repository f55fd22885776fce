namespace Heddle.Silo;

/// <summary>
/// What the program says. A silo goes on, and leaves in order, when that cannot be written: the disk of its log may be full,
/// or the stream closed.
/// </summary>
internal static class SiloOutput
{
    internal static void Say(string text) => Write(Console.Out, text);

    internal static void Complain(string text) => Write(Console.Error, text);

    internal static bool IsLoss(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or ObjectDisposedException;

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
