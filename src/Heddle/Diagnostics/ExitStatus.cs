using System.Globalization;

namespace Heddle;

/// <summary>How a process ended: by itself, with a code, or by a signal.</summary>
/// <remarks>The default value is that of a process that ended by itself with zero.</remarks>
/// <param name="Code">Zero by custom if all went well; of one that a signal ended 128 and the signal's number, as shells have it.</param>
/// <param name="Signal">The number of the signal that ended it, such as 9 for SIGKILL; null if it ended by itself, or where that is not told.</param>
public readonly record struct ExitStatus(int Code, int? Signal = null)
{
    /// <summary>Whether it ended by itself, with zero.</summary>
    public bool IsSuccess => Code == 0 && Signal is null;

    /// <summary>That of one which a signal has ended.</summary>
    /// <param name="signal">Its number, which is positive.</param>
    public static ExitStatus OfSignal(int signal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(signal);
        return new(128 + signal, signal);
    }

    /// <summary>Such as <c>exit code 1</c>, or <c>killed by SIGKILL</c>.</summary>
    public override string ToString() => Signal is { } signal
        ? $"killed by {NameOf(signal)}"
        : string.Create(CultureInfo.InvariantCulture, $"exit code {Code}");

    /// <summary>Those that have one number on every Unix.</summary>
    private static string NameOf(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        14 => "SIGALRM",
        15 => "SIGTERM",
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {signal}"),
    };
}
