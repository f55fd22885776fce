namespace Heddle.Testing;

/// <summary>The disk of a simulated host (<see cref="SimulatedHost.Disk"/>): files by name, which survive a crash as far as its faults let them.</summary>
/// <remarks>
/// What was written since the last flush of a file may be lost, or be there in part, after a crash: <see cref="SimulationFaults.DiskLoss"/> and
/// <see cref="SimulationFaults.DiskTorn"/>. That a file is there, and its name, are kept at once. Each operation takes a turn. The test may look at it at any time. Loop thread only.
/// </remarks>
public sealed class SimulatedDisk
{
    private readonly SimulationRun _run;
    private readonly string _host;
    private readonly SortedDictionary<string, StoredFile> _files = new(StringComparer.Ordinal);
    private readonly Choice _full;

    internal SimulatedDisk(SimulationRun run, string host)
    {
        (_run, _host) = (run, host);
        _full = new Choice("disk-full", () => host, SimulationFaults.DiskFull);
    }

    /// <summary>How many bytes its files may have together. Default: no limit.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>The names of the files, in ordinal order.</summary>
    public IReadOnlyList<string> Files => [.. _files.Keys];

    /// <summary>Whether there is such a file.</summary>
    public bool Exists(string file) => _files.ContainsKey(file);

    /// <summary>How many bytes a file has.</summary>
    /// <inheritdoc cref="FlushAsync" path="/exception"/>
    public int Length(string file) => Find(file).Content.Length;

    /// <summary>Writes the whole content of a file, which is made if there is none. It survives a crash for certain once <see cref="FlushAsync"/> has returned.</summary>
    /// <exception cref="IOException">There is no room; what was in the file is as it was.</exception>
    public Coroutine WriteAsync(string file, ReadOnlyMemory<byte> content) => WriteAsync(file, content, appends: false);

    /// <summary>Writes at the end of a file, which is made if there is none.</summary>
    /// <inheritdoc cref="WriteAsync(string, ReadOnlyMemory{byte})" path="/exception"/>
    public Coroutine AppendAsync(string file, ReadOnlyMemory<byte> content) => WriteAsync(file, content, appends: true);

    /// <summary>Returns when all that was written to the file will survive a crash (<c>fsync</c>).</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public async Coroutine FlushAsync(string file)
    {
        await Coroutine.Yield();
        Find(file).Flush();
    }

    /// <summary>Reads the whole content of a file.</summary>
    /// <inheritdoc cref="FlushAsync" path="/exception"/>
    public async Coroutine<byte[]> ReadAsync(string file)
    {
        await Coroutine.Yield();
        return Find(file).Content.ToArray();
    }

    /// <summary>Deletes a file. Does nothing if there is none.</summary>
    public async Coroutine DeleteAsync(string file)
    {
        await Coroutine.Yield();
        _files.Remove(file);
    }

    /// <summary>Gives a file another name, in the place of whatever has that. What was not flushed of its content is still not.</summary>
    /// <inheritdoc cref="FlushAsync" path="/exception"/>
    public async Coroutine MoveAsync(string file, string newName)
    {
        ArgumentException.ThrowIfNullOrEmpty(newName);
        await Coroutine.Yield();
        var moved = Find(file);
        _files.Remove(file);
        _files[newName] = moved;
    }

    /// <summary>How full it is.</summary>
    public override string ToString() => $"the disk of '{_host}' ({_files.Count} files)";

    /// <summary>Between steps: its machine has failed.</summary>
    internal void OnCrash()
    {
        foreach (var (name, file) in _files)
        {
            if (!file.IsFlushed)
            {
                file.Survive(
                    Strikes(file.Loss ??= ChoiceOf("disk-loss", name, SimulationFaults.DiskLoss)) ? file.Flushed
                        : Strikes(file.Tear ??= ChoiceOf("torn-write", name, SimulationFaults.DiskTorn)) ? file.Torn
                        : file.Content);
            }
        }
    }

    private async Coroutine WriteAsync(string file, ReadOnlyMemory<byte> content, bool appends)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        await Coroutine.Yield();
        var there = _files.GetValueOrDefault(file);
        var used = _files.Values.Sum(static one => (long)one.Content.Length) - (appends || there is null ? 0 : there.Content.Length);
        if (content.Length > Capacity - used || Strikes(_full))
        {
            throw new IOException($"There is no space left on the disk of '{_host}' for {content.Length} bytes of '{file}'.");
        }

        if (there is null)
        {
            _files.Add(file, there = new StoredFile());
        }

        there.Write(content.Span, appends);
    }

    private StoredFile Find(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return _files.GetValueOrDefault(file) ?? throw new FileNotFoundException($"There is no file '{file}' on the disk of '{_host}'.", file);
    }

    private Choice ChoiceOf(string what, string file, SimulationFaults fault) => new(what, () => $"{_host}/{Recording.Escape(file)}", fault);

    private bool Strikes(Choice choice) => (_run.Faults & choice.Fault) != 0 && _run.Oracle.Decide(choice, 2) != 0;

    private sealed class StoredFile
    {
        internal byte[] Content { get; private set; } = [];

        /// <summary>What it had at the last flush.</summary>
        internal byte[] Flushed { get; private set; } = [];

        /// <summary>What it has if of the last write only the first half arrives.</summary>
        internal byte[] Torn { get; private set; } = [];

        internal bool IsFlushed { get; private set; } = true;

        internal Choice? Loss { get; set; }

        internal Choice? Tear { get; set; }

        internal void Write(ReadOnlySpan<byte> bytes, bool appends)
        {
            var before = appends ? Content : [];
            Torn = [.. before, .. bytes[..(bytes.Length / 2)]];
            Content = [.. before, .. bytes];
            IsFlushed = false;
        }

        internal void Flush() => Survive(Content);

        internal void Survive(byte[] content)
        {
            Content = Flushed = Torn = content;
            IsFlushed = true;
        }
    }
}
