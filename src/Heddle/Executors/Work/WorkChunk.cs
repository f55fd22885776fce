using System.Diagnostics;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What a chunk has come to.</summary>
/// <param name="Results">In the order of the arguments; fewer than those if the call after them has failed.</param>
/// <param name="Elapsed">How long the worker had to do with it.</param>
/// <param name="Failure">Of the call that ended it.</param>
internal readonly record struct ChunkResult<TResult>(TResult[] Results, TimeSpan Elapsed, Exception? Failure);

/// <summary>Calls of one function with several arguments, one after the other: a part of a map.</summary>
internal sealed class WorkChunk<T, TResult> : WorkItem<ChunkResult<TResult>>
{
    private readonly WorkFunction<T, TResult> _function;
    private readonly ReadOnlyMemory<T> _items;
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>Why no more items were written, or could be made.</summary>
    private NotPortableException? _refusal;

    internal WorkChunk(WorkFunction<T, TResult> function, ReadOnlyMemory<T> items) => (_function, _items) = (function, items);

    internal WorkChunk(WorkFunction<T, TResult> function, IWorkReader reader)
    {
        _function = function;
        _items = reader.ReadAll<T>(out _refusal);
    }

    public override Delegate Function => _function.Function;

    public override bool TakesToken => _function.TakesToken;

    internal override bool IsBounded => true;

    public override ChunkResult<TResult> Invoke(CancellationToken cancellationToken = default)
    {
        var start = Stopwatch.GetTimestamp();
        var results = new TResult[_items.Length];
        var done = 0;
        try
        {
            foreach (var item in _items.Span)
            {
                cancellationToken.ThrowIfCancellationRequested();
                results[done] = _function.Invoke(item, cancellationToken);
                done++;
            }
        }
        catch (Exception failure) when (done > 0 && !cancellationToken.IsCancellationRequested)
        {
            return new(results[..done], Stopwatch.GetElapsedTime(start), failure);
        }

        return new(results, Stopwatch.GetElapsedTime(start), null);
    }

    public override void WriteArguments(IWorkWriter writer)
    {
        writer.Write((byte)WorkMode.Chunk);
        _refusal = writer.WriteAll(_items.Span);
    }

    public override WorkItem ReadArguments(IWorkReader reader) => throw new NotSupportedException("A chunk is read by a call of its function.");

    public override void InvokeTo(IWorkWriter writer, CancellationToken cancellationToken)
    {
        var made = Invoke(cancellationToken);
        writer.WriteFailure(writer.WriteAll<TResult>(made.Results) ?? made.Failure ?? _refusal);
        writer.Write(Stopwatch.GetElapsedTime(_start).Ticks);
    }

    public override ChunkResult<TResult> ReadResult(IWorkReader reader)
    {
        var results = reader.ReadAll<TResult>(out var unmade);
        if (unmade is not null)
        {
            return new(results, default, unmade);
        }

        var failure = reader.ReadFailure() ?? _refusal;
        return new(results, new(reader.Read<long>()), failure);
    }
}
