namespace Heddle.Tool.Terminal;

/// <summary>What was typed before, in this session and in earlier ones.</summary>
internal sealed class History
{
    private const int Most = 1000;

    private readonly string? _path;
    private readonly List<string> _entries = [];
    private int _at;
    private string _draft = "";

    /// <param name="path">The file that keeps it between sessions; null to keep it for this one only.</param>
    internal History(string? path)
    {
        _path = path;
        Load();
        _at = _entries.Count;
    }

    /// <summary><c>$XDG_STATE_HOME/heddle/repl-history</c>, or where the system has such things.</summary>
    internal static string PathOfUser()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state))
        {
            state = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        }

        return Path.Combine(state, "heddle", "repl-history");
    }

    /// <summary>The one before; null at the first.</summary>
    internal string? Older(string current)
    {
        if (_at == _entries.Count)
        {
            _draft = current;
        }

        return _at == 0 ? null : _entries[--_at];
    }

    /// <summary>The one after, and after the last what was being typed; null there.</summary>
    internal string? Newer()
    {
        if (_at == _entries.Count)
        {
            return null;
        }

        return ++_at == _entries.Count ? _draft : _entries[_at];
    }

    /// <summary>The newest entry before the place that contains the words; -1 if there is none.</summary>
    internal int Find(string words, int before)
    {
        for (var i = Math.Min(before, _entries.Count) - 1; i >= 0; i--)
        {
            if (_entries[i].Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    internal int Count => _entries.Count;

    internal string this[int index] => _entries[index];

    internal void Add(string entry)
    {
        if (!string.IsNullOrWhiteSpace(entry) && (_entries.Count == 0 || _entries[^1] != entry))
        {
            _entries.Add(entry);
            Save(entry);
        }

        _at = _entries.Count;
    }

    private void Load()
    {
        try
        {
            if (_path is null || !File.Exists(_path))
            {
                return;
            }

            var lines = File.ReadAllLines(_path);
            _entries.AddRange(lines.TakeLast(Most).Where(line => line.Length > 0).Select(Unescape));
            if (lines.Length > 2 * Most)
            {
                File.WriteAllLines(_path, lines.TakeLast(Most));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without a past one can work as well.
        }
    }

    private void Save(string entry)
    {
        try
        {
            if (_path is not null)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
                var isNew = !File.Exists(_path);
                File.AppendAllText(_path, Escape(entry) + "\n");
                if (isNew && !OperatingSystem.IsWindows())
                {
                    // For the user's eyes only.
                    File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    /// <summary>One entry a line of the file.</summary>
    private static string Escape(string entry) => entry.Replace("\\", "\\\\").Replace("\n", "\\n");

    private static string Unescape(string line)
    {
        var parts = line.Split("\\\\").Select(part => part.Replace("\\n", "\n"));
        return string.Join('\\', parts);
    }
}
