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

    /// <summary>With <c>RunAsync</c>: how long it may take before it is stopped and a <see cref="SubprocessTimeoutException"/> is thrown. Default: without end.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>How long it may take to end when it is asked to (SIGTERM), before it is killed. Default: five seconds. Zero kills it soon after asking.</summary>
    /// <remarks>On Windows there is no asking: it is killed at once.</remarks>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);
}
