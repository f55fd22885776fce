namespace Heddle;

/// <summary>Whether the process looks after mistakes that cost something to find.</summary>
internal static class DebugMode
{
    /// <summary>
    /// Read once, so that for the JIT it is a constant: where it is off, nothing is left of what it guards.
    /// </summary>
    internal static readonly bool IsOn = AppContext.TryGetSwitch("Heddle.Debug", out var isOn)
        ? isOn
        : Environment.GetEnvironmentVariable("HEDDLE_DEBUG") is "1" or "true";
}
