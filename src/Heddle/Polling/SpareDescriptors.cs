namespace Heddle;

/// <summary>The last descriptors that a process may have, which servers leave to others.</summary>
/// <remarks>
/// .NET itself needs some, for a moment, to load code, to compile it anew and to start a thread, and ends the process where there is none; and a
/// handler opens files and connections of its own. A client must not be able to take these. The system gives a new descriptor the lowest free
/// number, so that the number of the last one tells how many are left, without a call. Only on Linux; elsewhere servers take them all.
/// </remarks>
internal static class SpareDescriptors
{
    /// <summary>How many the process may have; a while old. Not positive where nobody says it.</summary>
    private static int s_limit = AskForLimit();

    /// <summary>An eighth, but neither fewer than the runtime needs to start a few threads at once nor more than a thing or two that a handler opens.</summary>
    private static int Count => Math.Clamp(s_limit / 8, 16, 64);

    internal static bool Contain(int descriptor) => s_limit > 0 && descriptor >= s_limit - Count;

    /// <summary>Whether the next descriptor would be none of them.</summary>
    internal static bool AreFree()
    {
        if (s_limit <= 0)
        {
            return true;
        }

        var next = Libc.eventfd(0, Libc.EFD_CLOEXEC);
        if (next >= 0)
        {
            _ = Libc.close(next);
        }

        if (next >= 0 && Contain(next))
        {
            // Somebody may have raised it.
            s_limit = AskForLimit();
        }

        return next >= 0 && !Contain(next);
    }

    internal static string Text => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Count} of {s_limit}");

    private static int AskForLimit() => OperatingSystem.IsLinux() ? (int)Math.Min(Libc.sysconf(Libc._SC_OPEN_MAX), int.MaxValue) : -1;
}
