using System.Globalization;
using System.Net.Sockets;

namespace Heddle;

/// <content>Its output as a whole, and into another process.</content>
public sealed partial class Subprocess
{
    /// <summary>Reads both outputs until the process has ended, and returns that with how it ended. The counterpart of <c>communicate</c>.</summary>
    /// <remarks>
    /// It does not wait for others that hold the pipes; of what they write it has what had come by then. Nothing is lost if it is cancelled: what had
    /// been read is in the readers, for the next call or for any other read. For its input see <see cref="SubprocessInput.Bytes"/>.
    /// </remarks>
    /// <exception cref="SubprocessException">
    /// It writes more than <see cref="SubprocessOptions.MaxOutput"/>: what has come is in the readers, and the process runs. Or how it ended cannot be known.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another task reads.</exception>
    public async Coroutine<SubprocessResult> CollectAsync()
    {
        // Whoever still waits for the end of a pipe when the process has ended is sent home.
        await CancelScope.RunAsync(async scope => await Coroutine.WhenAll(
            FillAsync(_output, "standard output"),
            FillAsync(_error, "error output"),
            CancelAtExitAsync(scope)));
        var status = await _exit;
        _output?.FillAtOnce();
        _error?.FillAtOnce();
        ThrowIfTooMuch(_output, "standard output");
        ThrowIfTooMuch(_error, "error output");
        return new(FileName, status, _output?.TakeAll() ?? [], _error?.TakeAll() ?? []);
    }

    /// <summary>Hands all that this process writes to the next one's input, and then the end, as a pipe of a shell does.</summary>
    /// <remarks>
    /// The next one's backpressure is this one's. If the next one closes its input early, this one's output is closed, which mostly ends it by SIGPIPE.
    /// What is cancelled has lost nothing: it can be called again.
    /// </remarks>
    /// <exception cref="InvalidOperationException">This output or that input is no pipe, or another task reads.</exception>
    public async Coroutine PipeToAsync(Subprocess next)
    {
        ArgumentNullException.ThrowIfNull(next);
        var (output, input) = (StandardOutput, next.StandardInput);
        try
        {
            // Room first: between the read and the write there is no wait, so that no cancellation finds a piece in between.
            await input.DrainAsync();
            await foreach (var chunk in output.ReadChunksAsync())
            {
                input.Write(chunk.Span);
                await input.DrainAsync();
            }

            await input.FinishAsync();
        }
        catch (ConnectionException failure) when (failure.ErrorCode == SocketError.Shutdown)
        {
            _transport.StandardOutput!.Dispose();
        }
    }

    private async Coroutine FillAsync(ByteReader? reader, string name)
    {
        if (reader is not null)
        {
            await reader.FillToEndAsync(_maxOutput);
            ThrowIfTooMuch(reader, name);
        }
    }

    private void ThrowIfTooMuch(ByteReader? reader, string name)
    {
        if (reader?.Buffered > _maxOutput)
        {
            throw new SubprocessException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{FileName}' has written more than {_maxOutput} bytes to its {name}, which is more than is kept in memory (SubprocessOptions.MaxOutput). Raise that, have it write into a "
                    + $"file (SubprocessOutput.File), or take it in pieces: Subprocess.Start and ReadChunksAsync."),
                FileName);
        }
    }

    private async Coroutine CancelAtExitAsync(CancelScope scope)
    {
        await _exit;
        scope.Cancel("the process has ended");
    }
}
