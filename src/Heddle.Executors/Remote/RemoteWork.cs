using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Heddle.LowLevel;

/// <summary>Work items as bytes: what an executor is made of whose workers are elsewhere.</summary>
/// <remarks>
/// The executor packs an item and sends it; a worker, which runs the same program, runs what it gets and sends back what that gives; the
/// executor unpacks it. Any thread.
/// </remarks>
public static class RemoteWork
{
    private static readonly byte[] s_outOfMemory = Failed(new OutOfMemoryException(
        "The worker has no memory left for the reply. Send less at once, or the name of a file that holds it."));

    /// <summary>The function's identity and its arguments.</summary>
    /// <exception cref="NotPortableException">The function captures something or is not registered, or an argument cannot be sent.</exception>
    public static byte[] Pack(WorkItem work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var writer = new PayloadWriter();
        WriteRequest(writer, work);
        return writer.Written.ToArray();
    }

    /// <summary>On the worker: runs what was packed. Never throws: how it ended, well or not, is in the reply.</summary>
    /// <param name="request">From <see cref="Pack"/>.</param>
    /// <param name="cancellationToken">Given to the function if it takes one.</param>
    public static byte[] Run(ReadOnlyMemory<byte> request, CancellationToken cancellationToken = default)
        => TryRun(request, int.MaxValue, out var reply, onlyRegistered: false, cancellationToken) ? reply : throw new UnreachableException();

    /// <summary>On the worker: as <see cref="Run"/>, where there is no way for a reply of any length.</summary>
    /// <param name="request">From <see cref="Pack"/>.</param>
    /// <param name="maxLength">How many bytes the reply may have.</param>
    /// <param name="reply">How the function has ended.</param>
    /// <param name="onlyRegistered">Whether to call no function but those of <see cref="WorkRegistry"/>, as <see cref="WorkRegistry.OnlyRegistered"/> says for all.</param>
    /// <param name="cancellationToken">Given to the function if it takes one.</param>
    /// <returns>False if the reply would be longer. The function has run.</returns>
    public static bool TryRun(
        ReadOnlyMemory<byte> request, int maxLength, [NotNullWhen(true)] out byte[]? reply, bool onlyRegistered = false, CancellationToken cancellationToken = default)
    {
        try
        {
            var writer = new PayloadWriter();
            Answer(request, writer, cancellationToken, onlyRegistered);
            reply = writer.Length <= maxLength ? writer.Written.ToArray() : null;
        }
        catch (OutOfMemoryException)
        {
            // Thrown, it would end a thread of the worker, and with it the process and what others have there.
            reply = s_outOfMemory;
        }

        return reply is not null;
    }

    /// <summary>Back where it came from: the function's result, or its failure thrown.</summary>
    /// <param name="work">What was packed.</param>
    /// <param name="reply">From <see cref="Run"/>.</param>
    /// <param name="where">Names the worker, in the stack of a failure.</param>
    public static TResult Unpack<TResult>(WorkItem<TResult> work, ReadOnlyMemory<byte> reply, string? where = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        var reader = new PayloadReader(reply) { Subject = new("result", work.ToString()) };
        return reader.ReadByte() == 0 ? work.ReadResult(reader) : throw RemoteFailure.Read(reader, where);
    }

    internal static void WriteRequest(PayloadWriter writer, WorkItem work)
    {
        FunctionKeys.Write(writer, work);
        writer.Subject = new("argument", work.ToString());
        writer.Forget();
        work.WriteArguments(writer);
    }

    /// <summary>How the function has failed, if it has; its result is of no interest.</summary>
    internal static Exception? FailureIn(ReadOnlyMemory<byte> reply, string? where = null)
    {
        var reader = new PayloadReader(reply);
        return reader.ReadByte() == 0 ? null : RemoteFailure.Read(reader, where);
    }

    /// <returns>The function's failure, or why it was not called; null when all went well.</returns>
    internal static Exception? Answer(ReadOnlyMemory<byte> request, PayloadWriter reply, CancellationToken token, bool onlyRegistered = false)
    {
        var start = reply.Length;
        try
        {
            reply.WriteByte(0);
            var reader = new PayloadReader(request);
            var function = FunctionKeys.Find(reader.ReadBytes(reader.ReadInt32()), onlyRegistered || WorkRegistry.OnlyRegistered);
            var name = function.ToString();
            reader.Subject = new("argument", name);
            var work = function.ReadArguments(reader);
            if (reader.Left != 0)
            {
                throw new NotPortableException(
                    $"{reader.Left} bytes more were sent than {name} takes, so what it takes is declared otherwise where the call came from. "
                    + "Deploy the same build everywhere.");
            }

            reply.Subject = new("result", name);
            reply.Forget();
            work.InvokeTo(reply, token);
            return null;
        }
        catch (Exception failure)
        {
            reply.CutTo(start);
            reply.WriteByte(1);
            RemoteFailure.Write(reply, failure);
            return failure;
        }
    }

    private static byte[] Failed(Exception failure)
    {
        var reply = new PayloadWriter();
        reply.WriteByte(1);
        RemoteFailure.Write(reply, failure);
        return reply.Written.ToArray();
    }
}
