namespace Heddle;

/// <summary>Whether the process looks after mistakes that cost something to find.</summary>
/// <remarks>Read once, so that for the JIT it is a constant: where it is off, nothing is left of what it guards.</remarks>
internal static class DebugMode
{
    internal static readonly bool IsOn = Is("Heddle.Debug", orElse: Environment.GetEnvironmentVariable("HEDDLE_DEBUG") is "1" or "true");

    /// <summary>Whether it notes the places in the code too, which costs a walk over the stack for each coroutine that is made.</summary>
    internal static readonly bool NotesPlaces = IsOn && Is("Heddle.Debug.Places", orElse: true);

    private static bool Is(string name, bool orElse) => AppContext.TryGetSwitch(name, out var isOn) ? isOn : orElse;
}
