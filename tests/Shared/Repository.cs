namespace Heddle.TestSupport;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every file below a folder whose name matches, build output left out.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        var root = Path.Combine(Root, folder);
        return !Directory.Exists(root)
            ? []
            : Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories)
                .Where(file => !IsBuildOutput(Relative(file)))
                .Order(StringComparer.Ordinal);
    }

    /// <summary>A path from the root, with forward slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static bool IsBuildOutput(string path) =>
        path.Split('/').Any(part => part is "bin" or "obj" or "artifacts");

    // By the build output's place and not by [CallerFilePath]: a CI build maps source paths away.
    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Heddle.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            $"No Heddle.slnx above {AppContext.BaseDirectory}: these tests read the repository that they were built in.");
    }
}
