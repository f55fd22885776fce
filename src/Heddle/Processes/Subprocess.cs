using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A child process. The counterpart of asyncio's <c>create_subprocess_exec</c> and <c>create_subprocess_shell</c>.</summary>
/// <remarks>
/// It belongs to the scope that it was started in. When that is left, however that is, and when this is disposed of, a process that
/// still runs is stopped with all that it has started: asked to end (SIGTERM), and killed after <see cref="SubprocessOptions.StopGrace"/>.
/// What a process that has ended by itself left running is not touched. Members are for the loop's thread.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class Subprocess : IAsyncDisposable
{
    private readonly ProcessTransport _transport;
    private readonly EventLoop _loop;
    private readonly TimeSpan _stopGrace;
    private readonly int _maxOutput;
    private readonly CoroutineSource<ExitStatus> _exit = new();
    private readonly ByteWriter? _input;
    private readonly ByteReader? _output;
    private readonly ByteReader? _error;

    private Subprocess(ProcessTransport transport, ProcessStart start, SubprocessOptions options)
    {
        _transport = transport;
        _loop = EventLoop.Current;
        _stopGrace = options.StopGrace;
        _maxOutput = options.MaxOutput;
        FileName = start.File;
        if (transport.StandardInput is { } input)
        {
            if (options.StandardInput?.Content is { } content)
            {
                new InputFeed(input, content, _loop).Start();
            }
            else
            {
                _input = new ByteWriter(input);
            }
        }

        _output = transport.StandardOutput is { } output ? new ByteReader(output) : null;
        _error = transport.StandardError is { } error ? new ByteReader(error) : null;
    }

    /// <summary>The program, as it was given.</summary>
    public string FileName { get; }

    /// <summary>The system's number for the process. Once it has ended the system may give the number to another.</summary>
    public int Id => _transport.Id;

    /// <summary>How it ended; null while it runs.</summary>
    public ExitStatus? Status { get; private set; }

    /// <summary>Writes to the process; <see cref="ByteWriter.FinishAsync"/> has it come to the end of its input.</summary>
    /// <exception cref="InvalidOperationException">It was started without <see cref="SubprocessInput.Pipe"/>.</exception>
    public ByteWriter StandardInput => _input ?? throw NoPipe("StandardInput", "SubprocessInput.Pipe");

    /// <summary>Reads what the process writes. Its end comes when all have closed it who have it, which may be after the end of the process.</summary>
    /// <exception cref="InvalidOperationException">It was started without <see cref="SubprocessOutput.Pipe"/>.</exception>
    public ByteReader StandardOutput => _output ?? throw NoPipe("StandardOutput", "SubprocessOutput.Pipe");

    /// <summary>Reads what the process writes to its error output.</summary>
    /// <inheritdoc cref="StandardOutput" path="/exception"/>
    public ByteReader StandardError => _error ?? throw NoPipe("StandardError", "SubprocessOutput.Pipe");

    /// <summary>The program, its number, and how it is.</summary>
    public override string ToString()
        => $"'{FileName}' (process {Id}, {(Status is { } status ? status.ToString() : _exit.IsCompleted ? "ended" : "running")})";

    private InvalidOperationException NoPipe(string name, string value) => new(
        $"The {name} of '{FileName}' is no pipe, so there is nothing to use here. Start it with SubprocessOptions {{ {name} = {value} }}.");
}
