namespace Heddle.LowLevel;

/// <summary>What to start, and how.</summary>
/// <param name="File">A name to be looked for on the PATH, or a path, which counts from this program's working directory.</param>
/// <param name="Arguments">Without the program's name. No shell sees them.</param>
public sealed record ProcessStart(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>On Windows: the command line behind the program's name as it stands, in place of <see cref="Arguments"/>. Elsewhere it has no meaning.</summary>
    public string? RawArguments { get; init; }

    /// <summary>Null for this program's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The whole of it; null for this program's.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Whether it stays in this program's process group in any case; see <see cref="SubprocessOptions.InheritProcessGroup"/>.</summary>
    public bool InheritProcessGroup { get; init; }

    /// <summary>Where its standard input comes from.</summary>
    public ProcessStream StandardInput { get; init; }

    /// <summary>Where its standard output goes.</summary>
    public ProcessStream StandardOutput { get; init; }

    /// <summary>Where its error output goes.</summary>
    public ProcessStream StandardError { get; init; }
}

/// <summary>What one of a process's standard streams is.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Of a file.</param>
public readonly record struct ProcessStream(ProcessStreamKind Kind, string? Path = null);

/// <summary>The kinds of standard streams.</summary>
public enum ProcessStreamKind
{
    /// <summary>That of this program.</summary>
    Inherit,

    /// <summary>Nothing: it is at its end, or swallows what is written.</summary>
    Null,

    /// <summary>A pipe to this program.</summary>
    Pipe,

    /// <summary>A file: read, or made anew.</summary>
    File,

    /// <summary>A file that is made if there is none, and written to at its end.</summary>
    AppendToFile,

    /// <summary>For the error output: wherever the standard output goes.</summary>
    StandardOutput,
}
