using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace Heddle;

/// <summary>Where a worker finds the assemblies of the functions that it is sent.</summary>
internal static class WorkAssemblies
{
    private static readonly HashSet<string> s_folders = [];

    /// <summary>
    /// Whether an assembly that the program's own references do not lead to may be loaded from where its caller has it: only for a caller on the
    /// same machine that started this very process.
    /// </summary>
    internal static bool TrustsCaller { get; set; }

    /// <summary>Its file; null if it has none of its own.</summary>
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "No path is the answer there.")]
    internal static string? PathOf(Assembly assembly) => assembly.Location is { Length: > 0 } path ? path : null;

    [RequiresUnreferencedCode(Reflective.Why)]
    internal static Assembly Load(string name, string? path)
    {
        if (TrustsCaller && path is not null)
        {
            AddFolder(Path.GetDirectoryName(path)!);
        }

        try
        {
            return Assembly.Load(new AssemblyName(name));
        }
        catch (FileNotFoundException failure)
        {
            throw new NotPortableException(
                $"The worker cannot load {name}. It has to be among the references of the program that the worker runs, or a file that it can read.", failure);
        }
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    private static void AddFolder(string folder)
    {
        lock (s_folders)
        {
            if (s_folders.Add(folder) && s_folders.Count == 1)
            {
                AssemblyLoadContext.Default.Resolving += Find;
            }
        }
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    private static Assembly? Find(AssemblyLoadContext context, AssemblyName name)
    {
        lock (s_folders)
        {
            var file = s_folders.Select(folder => Path.Combine(folder, $"{name.Name}.dll")).FirstOrDefault(File.Exists);
            return file is null ? null : context.LoadFromAssemblyPath(file);
        }
    }

    /// <summary>A type by its full name. What it names is loaded from where functions are; for who may call registered ones only, nothing is loaded.</summary>
    [RequiresUnreferencedCode(Reflective.Why)]
    internal static Type FindType(string name)
    {
        var type = Type.GetType(name, FindAssembly, typeResolver: null, throwOnError: false);
        return type ?? throw new Refusal($"there is no type {name} here. Deploy the same build everywhere");
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    private static Assembly? FindAssembly(AssemblyName name)
    {
        var loaded = AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(each => each.GetName().Name == name.Name && !each.IsDynamic);
        if (loaded is not null || WorkRegistry.OnlyRegistered)
        {
            return loaded;
        }

        try
        {
            return Assembly.Load(name);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
