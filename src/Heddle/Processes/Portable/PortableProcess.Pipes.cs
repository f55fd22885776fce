using Heddle.LowLevel;

namespace Heddle;

/// <content>Connecting its pipes with whatever its streams are to be.</content>
internal sealed partial class PortableProcess
{
    /// <summary>How long all pumps must have been silent after the end of the process: what it had written is here then, whoever else holds its pipes.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(100);

    /// <summary>Someone who goes on writing must not keep the end from being told.</summary>
    private const int MostSilences = 10;

    private StreamTransport? ConnectInput(PortableFiles files)
    {
        if (!_process.StartInfo.RedirectStandardInput)
        {
            return null;
        }

        var pipe = _process.StandardInput.BaseStream;
        if (_start.StandardInput.Kind == ProcessStreamKind.Pipe)
        {
            return new PortableInput(_loop, pipe, Name("standard input"));
        }

        if (files.TakeInput() is { } file)
        {
            _ = Task.Run(() => FeedAsync(file, pipe));
        }
        else
        {
            pipe.Dispose();
        }

        return null;
    }

    private static async Task FeedAsync(Stream file, Stream pipe)
    {
        try
        {
            await file.CopyToAsync(pipe).ConfigureAwait(false);
            await pipe.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // It does not want all of it.
        }
        finally
        {
            await file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void ConnectOutputs(PortableFiles files)
    {
        var output = TargetOf(_start.StandardOutput.Kind, _output, files.TakeOutput());
        if (_process.StartInfo.RedirectStandardOutput)
        {
            _pumps.Add(new OutputPump(_process.StandardOutput.BaseStream, output));
        }

        if (_process.StartInfo.RedirectStandardError)
        {
            var isMerged = _start.StandardError.Kind == ProcessStreamKind.StandardOutput;
            _pumps.Add(new OutputPump(
                _process.StandardError.BaseStream, isMerged ? output : TargetOf(_start.StandardError.Kind, _error, files.TakeError())));
        }

        Connect(_output);
        Connect(_error);
        _pumps.ForEach(static pump => pump.Start());
        EndWithPumps(_output);
        EndWithPumps(_error);
    }

    private IOutputTarget TargetOf(ProcessStreamKind kind, PortableOutput? transport, Stream? file)
    {
        if (transport is not null)
        {
            return transport;
        }

        var stream = file ?? (kind == ProcessStreamKind.Inherit ? Console.OpenStandardOutput() : Stream.Null);
        _files.Add(stream);
        return new StreamTarget(stream);
    }

    private void Connect(PortableOutput? transport)
    {
        if (transport is not null)
        {
            transport.OnClosed = () => PumpsOf(transport).ForEach(static pump => pump.Close());
        }
    }

    private void EndWithPumps(PortableOutput? transport)
    {
        if (transport is not null)
        {
            _ = Task.WhenAll(PumpsOf(transport).Select(static pump => pump.End)).ContinueWith(
                _ => transport.End(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>Both, where one is merged into the other.</summary>
    private List<OutputPump> PumpsOf(PortableOutput transport) => _pumps.FindAll(pump => ReferenceEquals(pump.Target, transport));

    /// <summary>On the pool, after the end of the process: until all that it had written has come.</summary>
    private async Task SettleAsync()
    {
        _output?.TakeRest();
        _error?.TakeRest();
        await UntilSilentAsync().ConfigureAwait(false);
        _output?.HasRest();
        _error?.HasRest();
    }

    private async Task UntilSilentAsync()
    {
        var ends = Task.WhenAll(_pumps.Select(static pump => pump.End));
        for (var silences = 0; silences < MostSilences; silences++)
        {
            var before = _pumps.Sum(static pump => pump.Count);
            try
            {
                await ends.WaitAsync(s_silence).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (_pumps.Sum(static pump => pump.Count) == before)
            {
                return;
            }
            catch (TimeoutException)
            {
                // Something still comes.
            }
        }
    }
}
