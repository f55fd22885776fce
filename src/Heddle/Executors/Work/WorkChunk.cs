using System.Diagnostics;

namespace Heddle;

/// <summary>What a chunk has come to.</summary>
/// <param name="Results">In the order of the arguments; fewer than those if the call after them has failed.</param>
/// <param name="Elapsed">How long the worker had to do with it.</param>
/// <param name="Failure">Of the call that ended it.</param>
internal readonly record struct ChunkResult<TResult>(TResult[] Results, TimeSpan Elapsed, Exception? Failure);

/// <summary>Calls of one function with several arguments, one after the other: a part of a map.</summary>
internal sealed class WorkChunk<T, TResult>(WorkFunction<T, TResult> function, ReadOnlyMemory<T> items) : WorkItem<ChunkResult<TResult>>
{
    private NotPortableException? _unsent;

    public override Delegate Function => function.Function;

    public override bool TakesToken => function.TakesToken;

    internal override bool IsBounded => true;

    public override ChunkResult<TResult> Invoke(CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        var results = new TResult[items.Length];
        var done = 0;
        try
        {
            foreach (var item in items.Span)
            {
                cancellationToken.ThrowIfCancellationRequested();
                results[done] = function.Invoke(item, cancellationToken);
                done++;
            }
        }
        catch (Exception failure) when (done > 0 && !cancellationToken.IsCancellationRequested)
        {
            return new(results[..done], Stopwatch.GetElapsedTime(start), failure);
        }

        return new(results, Stopwatch.GetElapsedTime(start), null);
    }

    internal override void WriteRequest(PayloadWriter writer)
    {
        FunctionKeys.Write(writer, function);
        writer.WriteByte((byte)WorkMode.Chunk);
        _unsent = Sequences.Write(writer, function.ArgumentCodec, items.Span, Function);
    }

    internal void WriteResult(PayloadWriter writer, ChunkResult<TResult> result, long start)
    {
        var failure = Sequences.Write<TResult>(writer, Codec<TResult>.Get, result.Results, Function, isResult: true) ?? result.Failure;
        writer.WriteByte(failure is null ? (byte)0 : (byte)1);
        if (failure is not null)
        {
            RemoteFailure.Write(writer, failure);
        }

        writer.WriteInt64(Stopwatch.GetElapsedTime(start).Ticks);
    }

    internal override ChunkResult<TResult> ReadResult(ref PayloadReader reader)
    {
        var results = Sequences.Read(ref reader, Codec<TResult>.Get, Function, out var unmade, isResult: true);
        if (unmade is not null)
        {
            return new(results, default, unmade);
        }

        var failure = reader.ReadByte() == 0 ? _unsent : RemoteFailure.Read(ref reader);
        return new(results, new TimeSpan(reader.ReadInt64()), failure);
    }
}
