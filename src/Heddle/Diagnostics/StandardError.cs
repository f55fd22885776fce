using Microsoft.Win32.SafeHandles;

namespace Heddle;

/// <summary>Where reports go that nobody asked for.</summary>
internal static class StandardError
{
    private const nint Descriptor = 2;

    /// <summary>Writes the line, if that can be done. Never throws. Any thread.</summary>
    internal static void WriteLine(string line)
    {
        try
        {
            Console.Error.WriteLine(line);
        }
        catch (Exception)
        {
            WriteToDescriptor(line);
        }
    }

    /// <summary>
    /// The console opens a descriptor of its own when it is first written to, which fails just when there is to report that
    /// none is left. Where standard error was closed, nobody can be told.
    /// </summary>
    private static void WriteToDescriptor(string line)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            using var handle = new SafeFileHandle(Descriptor, ownsHandle: false);
            using var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(line + Environment.NewLine));
        }
        catch (Exception)
        {
            // Closed, or full: there is no other place.
        }
    }
}
