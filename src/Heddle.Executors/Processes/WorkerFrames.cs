namespace Heddle;

/// <summary>What an executor and its worker say to each other. Each frame has its length in front, and its kind.</summary>
internal enum WorkerFrame : byte
{
    /// <summary>From a worker, once on each connection: it is there, and knows the secret.</summary>
    Hello = 1,

    /// <summary>To a worker: run this.</summary>
    Call,

    /// <summary>From a worker: that is how it ended.</summary>
    Reply,

    /// <summary>To a worker: end.</summary>
    Stop,

    /// <summary>To a worker, by its other connection: the call of this number is cancelled.</summary>
    Cancel,
}

/// <summary>Begins and ends a frame in a writer.</summary>
internal static class WorkerFrames
{
    /// <summary>The length and the kind.</summary>
    internal const int HeadLength = sizeof(int) + 1;

    internal static void Begin(PayloadWriter writer, WorkerFrame kind)
    {
        writer.CutTo(0);
        writer.WriteInt32(0);
        writer.WriteByte((byte)kind);
    }

    internal static ReadOnlyMemory<byte> End(PayloadWriter writer)
    {
        writer.SetInt32(0, writer.Length - HeadLength);
        return writer.WrittenMemory;
    }
}
