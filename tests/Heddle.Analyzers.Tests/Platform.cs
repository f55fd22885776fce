using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Heddle.Analyzers.Tests;

internal static class Platform
{
    private static readonly CSharpCompilation s_loaded;

    static Platform()
    {
        References =
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];

        // The compiler shares what it has read of an assembly with the next compilation, as long as another one that has it is alive.
        s_loaded = CSharpCompilation.Create("loaded", references: References);
        _ = s_loaded.GlobalNamespace;
    }

    /// <summary>What this process itself runs on, Heddle included.</summary>
    public static MetadataReference[] References { get; }
}
