namespace Heddle.TestSupport;

/// <summary>The environment variable for a program that ends soon: it gains nothing from compiling its methods a second time.</summary>
internal static class ShortLived
{
    public const string Variable = "DOTNET_TC_CallCounting";
    public const string Value = "0";
}
