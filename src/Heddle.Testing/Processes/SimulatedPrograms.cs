using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>The programs of a simulated run, and the processes that run them: a coroutine begins where the system would start a file.</summary>
/// <param name="run">Whose they are.</param>
/// <param name="mayBeReal">Whether the system's programs are started while the run has none of its own.</param>
internal sealed class SimulatedPrograms(SimulationRun run, bool mayBeReal) : IProcessStarter
{
    private const int FirstId = 1000;
    private const int NoSuchFile = 2;

    private readonly Dictionary<string, Func<SimulatedProcess, Coroutine<int>>> _programs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _starts = new(StringComparer.Ordinal);
    private readonly List<SimulatedProcess> _processes = [];

    /// <summary>All that were started, in that order.</summary>
    internal IReadOnlyList<SimulatedProcess> All => _processes;

    /// <summary>What the pipes are made with: a network of their own, on which nothing takes time.</summary>
    internal MemoryPoller Pipes => field ??= new MemoryPoller(new MemoryNetwork(), EventLoop.Current);

    public ProcessTransport Start(ProcessStart start)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (_programs.Count == 0 && mayBeReal)
        {
            return ProcessStarters.Default.Start(start);
        }

        if (!_programs.TryGetValue(start.File, out var main))
        {
            var known = _programs.Count == 0 ? "it has none" : "it has " + string.Join(", ", _programs.Keys.Order(StringComparer.Ordinal));
            throw new SubprocessException(
                $"Starting '{start.File}' failed: there is no such program in this simulation; {known}. Add it first: world.AddProgram(\"{start.File}\", ...).",
                start.File)
            {
                ErrorCode = NoSuchFile,
            };
        }

        var number = _starts[start.File] = _starts.GetValueOrDefault(start.File) + 1;
        var process = new SimulatedProcess(run, start, FirstId + _processes.Count, $"{Recording.Escape(start.File)}*{number}");
        _processes.Add(process);
        process.Begin(main);
        return new ChildTransport(process, this);
    }

    internal void Add(string name, Func<SimulatedProcess, Coroutine<int>> main)
    {
        if (!_programs.TryAdd(name, main))
        {
            throw new ArgumentException($"There is a program '{name}' already.", nameof(name));
        }
    }

    /// <summary>The process and all that it has started, and they in turn, the oldest first. Those that have ended are among them.</summary>
    internal IEnumerable<SimulatedProcess> TreeOf(SimulatedProcess root) => _processes.Where(one => one.IsWithin(root));

    /// <summary>The machine has failed, and all its processes with it.</summary>
    internal void VanishAllOf(SimulatedHost host)
    {
        foreach (var process in _processes)
        {
            if (ReferenceEquals(process.Host, host))
            {
                process.Vanish();
            }
        }
    }
}
