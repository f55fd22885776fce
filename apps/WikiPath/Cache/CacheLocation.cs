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

    /// <summary>Deletes a cache with what SQLite keeps beside it; false if there was none.</summary>
    public static bool Delete(string file)
    {
        var existed = File.Exists(file);
        foreach (var part in new[] { file, $"{file}-wal", $"{file}-shm" }) File.Delete(part);
        return existed;
    }
}
