using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Heddle.Silo;

/// <summary>The assemblies that the functions are in. They find what they need beside them, as in the program that they were built for.</summary>
internal static class UserAssemblies
{
    internal static void Load(string path)
    {
        var resolver = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name)
            => resolver.ResolveAssemblyToPath(name) is { } file ? context.LoadFromAssemblyPath(file) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name)
            => resolver.ResolveUnmanagedDllToPath(name) is { } file ? NativeLibrary.Load(file) : 0;
        var assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);

        // Its [ModuleInitializer] is where a program registers functions by name: no Main of its runs here.
        RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
    }
}
