namespace Heddle;

/// <summary>How a process is started, and how it is stopped.</summary>
public sealed record SubprocessOptions
{
    /// <summary>Default: this program's own; with <c>RunAsync</c>, nothing.</summary>
    public SubprocessInput? StandardInput { get; init; }

    /// <summary>Default: this program's own; with <c>RunAsync</c>, a pipe whose content is in the result.</summary>
    public SubprocessOutput? StandardOutput { get; init; }

    /// <summary>Default: this program's own; with <c>RunAsync</c>, a pipe whose content is in the result.</summary>
    public SubprocessOutput? StandardError { get; init; }

    /// <summary>Where it works. Default: where this program does. Its own file is not looked for there.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables to set in its environment, or with null to leave out. Default: none.</summary>
    public IReadOnlyDictionary<string, string?>? Environment { get; init; }

    /// <summary>Whether it gets this program's environment, changed by <see cref="Environment"/>, or that alone. Default: true.</summary>
    public bool InheritEnvironment { get; init; } = true;

    /// <summary>Whether it stays in this program's process group in any case. Default: false, and then only if its input is this program's terminal.</summary>
    /// <remarks>
    /// For one that uses the terminal though its input comes from elsewhere, as <c>sudo</c> and <c>ssh</c> do to ask for a password: in a group of
    /// its own the system stops it there. With this, Ctrl+C reaches it at the same time as this program, and a descendant whose parent had ended
    /// before is not found when it is stopped. <see cref="LowLevel.ProcessStarters.Portable"/> leaves every process in this program's group.
    /// </remarks>
    public bool InheritProcessGroup { get; init; }

    /// <summary>With <c>RunAsync</c>: how long it may take before it is stopped and a <see cref="SubprocessTimeoutException"/> is thrown. Default: without end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = Durations.Checked(value, nameof(Timeout));
    } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>With <c>RunAsync</c> and <c>CollectAsync</c>: how many bytes of each output are kept in memory; more is a <see cref="SubprocessException"/>. Default: 128 MiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int MaxOutput
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxOutput));
            field = value;
        }
    } = ByteReader.DefaultWholeLimit;

    /// <summary>How long it may take to end when it is asked to (SIGTERM), before it is killed. Default: five seconds. Zero kills it soon after asking.</summary>
    /// <remarks>On Windows there is no asking: it is killed at once.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan StopGrace
    {
        get;
        init => field = Durations.Checked(value, nameof(StopGrace));
    } = TimeSpan.FromSeconds(5);
}
