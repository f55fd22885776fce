using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Heddle.TestSupport;

/// <summary>The assemblies that this process runs on, Heddle included, for code that is compiled in it.</summary>
internal static class PlatformReferences
{
    // The compiler shares what it has read of an assembly with the next compilation, as long as another one that has it is alive.
    private static readonly INamespaceSymbol s_loaded;

    static PlatformReferences()
    {
        ByPath = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Distinct()
            .ToDictionary(path => path, path => (MetadataReference)MetadataReference.CreateFromFile(path));
        s_loaded = CSharpCompilation.Create("loaded", references: ByPath.Values).GlobalNamespace;
    }

    public static Dictionary<string, MetadataReference> ByPath { get; }
}
