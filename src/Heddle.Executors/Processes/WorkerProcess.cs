using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>A worker process that is up, as the executor sees it. It runs one call at a time. Loop thread only.</summary>
internal sealed class WorkerProcess
{
    private const int MostOnTrust = 1 << 20;

    private static readonly byte[] s_stop = [0, 0, 0, 0, (byte)WorkerFrame.Stop];

    private readonly Process _process;
    private readonly StreamTransport _calls;
    private readonly StreamTransport _control;
    private readonly FrameReader _replies = new(MostOnTrust);
    private readonly CoroutineSource<int> _exit;
    private readonly byte[] _cancel = new byte[WorkerFrames.HeadLength + sizeof(int)];
    private readonly string _executor;
    private int _number;
    private int _firstNumber;

    /// <param name="process">What runs it.</param>
    /// <param name="calls">Calls go there, and replies come back.</param>
    /// <param name="control">What must not wait behind a call.</param>
    /// <param name="exit">Set when the process has ended, to its exit code.</param>
    /// <param name="executor">Whose it is.</param>
    internal WorkerProcess(Process process, StreamTransport calls, StreamTransport control, CoroutineSource<int> exit, string executor)
    {
        _process = process;
        _calls = calls;
        _control = control;
        _exit = exit;
        _executor = executor;
        Id = process.Id;
    }

    internal int Id { get; }

    /// <summary>How many calls it was given, its initializer not counted.</summary>
    internal int Calls => _number - _firstNumber;

    /// <summary>Whether it can be given a call.</summary>
    internal bool IsAlive { get; private set; } = true;

    /// <summary>Why it was killed, where its call shall fail with that.</summary>
    internal Exception? KilledBecause { get; private set; }

    public override string ToString() => $"Worker process {Id} of '{_executor}'";

    /// <summary>Waits until it is there.</summary>
    /// <returns>False if this is not the worker that was told the secret.</returns>
    internal async Coroutine<bool> GreetAsync(string secret)
        => Knows(await ReadAsync(_calls, _replies, WorkerFrame.Hello), secret)
            && Knows(await ReadAsync(_control, new(MostOnTrust), WorkerFrame.Hello), secret);

    /// <summary>It has started and initialized itself.</summary>
    internal void MarkReady() => _firstNumber = _number;

    /// <summary>Sends a call. If this is cancelled the worker may have half of it, and is good for nothing more.</summary>
    internal async Coroutine SendAsync(ReadOnlyMemory<byte> frame)
    {
        _number++;
        await _calls.SendAsync(frame);
    }

    /// <summary>Waits for the reply to the call. If this is cancelled it can be waited for again.</summary>
    internal Coroutine<ReadOnlyMemory<byte>> ReceiveAsync() => ReadAsync(_calls, _replies, WorkerFrame.Reply);

    /// <summary>Cancels the token of the call that runs.</summary>
    internal async Coroutine CancelCallAsync()
    {
        BitConverter.TryWriteBytes(_cancel, sizeof(int));
        _cancel[sizeof(int)] = (byte)WorkerFrame.Cancel;
        BitConverter.TryWriteBytes(_cancel.AsSpan(WorkerFrames.HeadLength), _number);
        await _control.SendAsync(_cancel);
    }

    /// <summary>Asks it to end, and sees to it that it does.</summary>
    internal async Coroutine StopAsync(TimeSpan patience)
    {
        IsAlive = false;
        try
        {
            await CancelScope.MoveOnAfterAsync(patience, async _ =>
            {
                await _calls.SendAsync(s_stop);
                await _exit;
            });
        }
        catch (ConnectionException)
        {
            // It is gone already, or about to be.
        }
        finally
        {
            Kill();
        }
    }

    /// <summary>Ends it at once.</summary>
    /// <param name="because">What its call fails with; by default, that it died.</param>
    internal void Kill(Exception? because = null)
    {
        KilledBecause ??= because;
        IsAlive = false;
        ProcessGroups.Kill(_process);
        _calls.Abort();
        _control.Abort();
    }

    /// <summary>It cannot be used any more: its process has ended.</summary>
    internal void OnExited()
    {
        IsAlive = false;
        _calls.Abort();
        _control.Abort();
        _process.Dispose();
    }

    /// <exception cref="EndOfStreamException">The worker has closed the connection.</exception>
    /// <exception cref="ConnectionException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">Something else came.</exception>
    private static async Coroutine<ReadOnlyMemory<byte>> ReadAsync(StreamTransport connection, FrameReader reader, WorkerFrame expected)
    {
        while (true)
        {
            if (reader.TryTake(out var kind, out var frame))
            {
                return kind == expected ? frame : throw new InvalidDataException($"The worker sent a frame of kind {(byte)kind} in place of {expected}.");
            }

            var count = await connection.ReceiveAsync(reader.Room);
            reader.Advance(count > 0 ? count : throw new EndOfStreamException("The worker has closed its connection."));
        }
    }

    private static bool Knows(ReadOnlyMemory<byte> hello, string secret)
    {
        var said = new PayloadReader(hello).ReadString();
        return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(said.AsSpan()), MemoryMarshal.AsBytes(secret.AsSpan()));
    }

    /// <summary>How it ended, once its connection is closed; null if it has not within a moment.</summary>
    internal async Coroutine<int?> ExitCodeAsync(TimeSpan patience)
    {
        await CancelScope.ShieldAsync(async () => await CancelScope.MoveOnAfterAsync(patience, async _ => await _exit));
        return _exit.IsCompleted ? await _exit : null;
    }
}
