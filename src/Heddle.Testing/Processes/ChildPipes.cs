using System.Net.Sockets;
using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>The standard streams of a simulated process, with the parent's end of each that is a pipe.</summary>
internal sealed class ChildPipes
{
    private readonly StreamTransport _input;
    private readonly StreamTransport _output;
    private readonly StreamTransport _error;

    /// <exception cref="SubprocessException">One is a file.</exception>
    internal ChildPipes(MemoryPoller poller, ProcessStart start, string process, Func<Choice, bool> strikes)
    {
        foreach (var stream in (ReadOnlySpan<ProcessStream>)[start.StandardInput, start.StandardOutput, start.StandardError])
        {
            if (stream.Kind is ProcessStreamKind.File or ProcessStreamKind.AppendToFile)
            {
                throw new SubprocessException(
                    $"Starting '{start.File}' failed: one of its streams is the file '{stream.Path}', and a simulation has none. Give it a pipe, or bytes.", start.File);
            }
        }

        (_input, Input) = (new NullStream(), null);
        if (start.StandardInput.Kind == ProcessStreamKind.Pipe)
        {
            (_input, Input) = Create("standard input", "stdin", SocketError.Shutdown);
        }

        (Output, _output) = Outgoing(start.StandardOutput, "standard output", "stdout");
        (Error, _error) = start.StandardError.Kind == ProcessStreamKind.StandardOutput ? (null, _output) : Outgoing(start.StandardError, "error output", "stderr");
        ChildInput = new ByteReader(_input);
        ChildOutput = new ByteWriter(_output);
        ChildError = ReferenceEquals(_error, _output) ? ChildOutput : new ByteWriter(_error);

        (StreamTransport? Parents, StreamTransport Childs) Outgoing(ProcessStream stream, string name, string shortName)
            => stream.Kind == ProcessStreamKind.Pipe ? Create(name, shortName, SocketError.Success) : (null, new NullStream());

        (PipeEnd Receiver, PipeEnd Sender) Create(string name, string shortName, SocketError whenBroken)
        {
            var choice = new Choice("closed-pipe", () => $"{process}.{shortName}", SimulationFaults.ChildPipe);
            return PipeEnd.CreatePair(poller, $"the {name} of '{start.File}'", whenBroken, () => strikes(choice));
        }
    }

    /// <summary>The parent's end; null if there is no pipe.</summary>
    internal StreamTransport? Input { get; }

    /// <inheritdoc cref="Input"/>
    internal StreamTransport? Output { get; }

    /// <inheritdoc cref="Input"/>
    internal StreamTransport? Error { get; }

    internal ByteReader ChildInput { get; }

    internal ByteWriter ChildOutput { get; }

    /// <summary>The same as that of the standard output, if both go to one place.</summary>
    internal ByteWriter ChildError { get; }

    /// <summary>All that was written is on its way, as far as anybody reads it.</summary>
    internal async Coroutine FlushAsync()
    {
        await ChildOutput.FlushAsync();
        await ChildError.FlushAsync();
    }

    /// <summary>The process has ended.</summary>
    internal void CloseChildsEnds()
    {
        _input.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    /// <summary>The parent has ended, or has failed.</summary>
    internal void CloseParentsEnds()
    {
        Input?.Dispose();
        Output?.Dispose();
        Error?.Dispose();
    }
}
