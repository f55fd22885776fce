namespace WikiPath.Cache;

/// <summary>Where the cache is kept when nobody says otherwise: the XDG base directories, or Windows's own place.</summary>
public static class CacheLocation
{
    /// <summary>The cache's file; null if the user has no home.</summary>
    public static string? OfUser()
    {
        // A relative path there is to be ignored, says the XDG specification.
        var folder = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (!Path.IsPathFullyQualified(folder ?? ""))
        {
            folder = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache") : "";
        }
        return string.IsNullOrEmpty(folder) ? null : Path.Combine(folder, "wikipath", "links.db");
    }

    /// <summary>
    /// Deletes a cache with what SQLite keeps beside it, and nothing that is not this program's; says which file it was
    /// and whose.
    /// </summary>
    internal static (string File, CacheOwner Owner) Delete(string name)
    {
        var (file, owner) = (CacheIdentity.Target(name), CacheIdentity.OwnerOf(name));
        if (owner == CacheOwner.WikiPath)
        {
            var parts = CacheIdentity.Siblings(file).Where(CacheIdentity.IsSqlites).Append(file).ToList();
            foreach (var part in parts) File.Delete(part);
        }
        return (file, owner);
    }
}
