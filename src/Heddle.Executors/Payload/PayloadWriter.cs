using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Bytes that are to be sent. Grows, and can be cut back.</summary>
internal sealed class PayloadWriter : IBufferWriter<byte>, IWorkWriter
{
    private byte[] _buffer = new byte[512];
    private Sameness? _sent;
    private bool _isTogether;

    /// <summary>What the values are, for errors.</summary>
    internal Subject Subject { get; set; } = new("argument", "a function");

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    internal ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>Which objects were written.</summary>
    internal Sameness Sent => _sent ??= new();

    public void Write<T>(T value) => Portable.Write(this, value);

    public NotPortableException? WriteAll<T>(ReadOnlySpan<T> values)
    {
        EndTogether();
        return Sequences.Write(this, Codec<T>.Get, values);
    }

    public void WriteFailure(Exception? failure)
    {
        WriteByte(failure is null ? (byte)0 : (byte)1);
        if (failure is not null)
        {
            RemoteFailure.Write(this, failure);
        }
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(Length);
    }

    /// <summary>Takes back what was written after that length. A large buffer is let go.</summary>
    internal void CutTo(int length)
    {
        Length = length;
        if (length == 0 && _buffer.Length > 1 << 20)
        {
            _buffer = new byte[512];
        }
    }

    /// <summary>What is written now is several values of one call: an object that is in two of them would arrive as two.</summary>
    internal void BeginTogether() => _isTogether = true;

    internal void EndTogether()
    {
        _isTogether = false;
        EndValue();
    }

    /// <summary>Forgets which objects were written, unless others of the same call are still to come.</summary>
    internal void EndValue()
    {
        if (!_isTogether)
        {
            _sent?.Forget();
        }
    }

    /// <summary>Says which object was written that needs no look into it.</summary>
    internal void Met(object? value)
    {
        if (_isTogether && value is not (null or Array { Length: 0 }) && Sent.Meet(value) is { } difference)
        {
            throw new NotSupportedException($"{difference}");
        }
    }

    internal void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[Length++] = value;
    }

    internal void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(GetSpan(sizeof(int)), value);
        Length += sizeof(int);
    }

    internal void WriteInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(GetSpan(sizeof(long)), value);
        Length += sizeof(long);
    }

    /// <summary>Writes a number into room that was left for it.</summary>
    internal void SetInt32(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(position), value);

    internal void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>With its length in front; a null as the length -1.</summary>
    internal void WriteString(string? text)
    {
        if (text is null)
        {
            WriteInt32(-1);
            return;
        }

        // What is not valid UTF-16 must arrive as it is, too, and UTF-8 has no room for it.
        WriteInt32(text.Length);
        WriteBytes(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    /// <summary>The value as it stands in memory.</summary>
    /// <typeparam name="T">Without references.</typeparam>
    internal void WriteRaw<T>(T value)
    {
        Reserve(Unsafe.SizeOf<T>());
        Unsafe.WriteUnaligned(ref _buffer[Length], value);
        Length += Unsafe.SizeOf<T>();
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            var needed = (long)Length + count;
            if (needed > Array.MaxLength)
            {
                throw new NotPortableException(
                    "More than two gigabytes were to be sent in one call. Pass the name of a file that holds the data, or send it in pieces.");
            }

            Array.Resize(ref _buffer, (int)Math.Min(Math.Max(needed, 2L * _buffer.Length), Array.MaxLength));
        }
    }
}
