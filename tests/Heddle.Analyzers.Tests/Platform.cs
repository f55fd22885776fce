using Microsoft.CodeAnalysis;

namespace Heddle.Analyzers.Tests;

internal static class Platform
{
    /// <summary>What this process itself runs on, Heddle included.</summary>
    public static MetadataReference[] References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
