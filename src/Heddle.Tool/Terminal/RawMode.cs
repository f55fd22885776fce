using System.Runtime.InteropServices;

namespace Heddle.Tool.Terminal;

/// <summary>Has the terminal hand over each key as it is pressed, Ctrl+C too, and show nothing by itself; as before once disposed of.</summary>
internal sealed partial class RawMode : IDisposable
{
    private const int StandardInput = 0;
    private const int AfterOutput = 1;

    /// <summary>More than any system's <c>struct termios</c>. Only libc looks inside, but for the output flags.</summary>
    private const int TermiosSize = 256;

    private readonly Lock _gate = new();
    private readonly byte[] _before;
    private readonly byte[] _raw;
    private readonly Action _leaving;
    private bool _isRestored;

    private RawMode(byte[] before, Action leaving)
    {
        _before = before;
        _raw = (byte[])before.Clone();
        MakeRaw(_raw);
        KeepOutputFlags(before, _raw);
        _leaving = leaving;
    }

    /// <summary>Null where there is no terminal that can be switched.</summary>
    /// <param name="leaving">Called before the terminal becomes what it was.</param>
    internal static RawMode? TryEnter(Action leaving)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var before = new byte[TermiosSize];
        if (GetAttributes(StandardInput, before) != 0)
        {
            return null;
        }

        var mode = new RawMode(before, leaving);
        if (SetAttributes(StandardInput, AfterOutput, mode._raw) != 0)
        {
            return null;
        }

        // However the process ends, the shell must find its terminal as it was.
        AppDomain.CurrentDomain.ProcessExit += mode.OnExit;
        AppDomain.CurrentDomain.UnhandledException += mode.OnExit;
        return mode;
    }

    /// <summary>Sets it once more: what an input calls (a child program, <see cref="Console.GetCursorPosition"/>) may leave another. Any thread.</summary>
    internal void Renew()
    {
        lock (_gate)
        {
            if (!_isRestored)
            {
                _ = SetAttributes(StandardInput, AfterOutput, _raw);
            }
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
        Restore();
    }

    private void OnExit(object? sender, EventArgs e) => Restore();

    private void Restore()
    {
        lock (_gate)
        {
            if (!_isRestored)
            {
                _isRestored = true;
                _leaving();
                _ = SetAttributes(StandardInput, AfterOutput, _before);
            }
        }
    }

    /// <summary>A line feed still begins a new line: child programs write to the same terminal.</summary>
    private static void KeepOutputFlags(byte[] before, byte[] raw)
    {
        // The second of the flag words, which are long on macOS and 32 bits elsewhere.
        var size = OperatingSystem.IsMacOS() ? 8 : 4;
        before.AsSpan(size, size).CopyTo(raw.AsSpan(size));
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int descriptor, [Out] byte[] termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int descriptor, int when, byte[] termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] termios);
}
