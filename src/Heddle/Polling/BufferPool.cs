using System.Buffers;

namespace Heddle;

/// <summary>A loop's free buffers: last in, first out, so that what is rented next is still in the processor's cache.</summary>
/// <remarks>
/// The shared pool of .NET keeps a few dozen arrays of a size for each core. A loop that serves hundreds of connections in
/// one pass rents more than that at once, again and again, and would leave the rest to the garbage collector each time.
/// </remarks>
internal sealed class BufferPool
{
    /// <summary>What most reads and writes fit into. Larger buffers come from the shared pool.</summary>
    internal const int SmallSize = 4096;

    /// <summary>Four MiB: beyond it a burst's buffers go to the garbage collector.</summary>
    private const int MostKept = 1024;

    private readonly Stack<byte[]> _free = new();

    /// <summary>A buffer of at least so many bytes. Loop thread only.</summary>
    internal byte[] Rent(int size)
    {
        if (size > SmallSize)
        {
            // Longer than the small size, so that its length tells where it goes back to.
            return ArrayPool<byte>.Shared.Rent(size);
        }

        return _free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(SmallSize);
    }

    internal void Return(byte[] buffer)
    {
        if (buffer.Length != SmallSize)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        else if (_free.Count < MostKept)
        {
            _free.Push(buffer);
        }
    }
}
