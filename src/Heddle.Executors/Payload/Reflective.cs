using System.Diagnostics.CodeAnalysis;

namespace Heddle;

/// <summary>Whether functions and types can be found by reflection. In a trimmed or a native program the program registers them.</summary>
internal static class Reflective
{
    internal const string Why = "Functions and types that go to another process are found there by reflection, unless they are registered.";

    private const string Switch = "System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault";

    /// <summary>By the switch that the SDK turns off for trimming and Native AOT.</summary>
    [FeatureSwitchDefinition(Switch)]
    [UnconditionalSuppressMessage("Trimming", "IL4000", Justification = "A value from outside is nothing that the analyzer can follow; the SDK sets it.")]
    [FeatureGuard(typeof(RequiresUnreferencedCodeAttribute))]
    [FeatureGuard(typeof(RequiresDynamicCodeAttribute))]
    internal static bool IsSupported => !AppContext.TryGetSwitch(Switch, out var isEnabled) || isEnabled;
}
