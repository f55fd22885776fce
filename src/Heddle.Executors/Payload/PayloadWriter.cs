using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What is sent, for errors.</summary>
/// <param name="What">An argument or a result.</param>
/// <param name="Function">Of which function.</param>
internal readonly record struct Subject(string What, string Function);

/// <summary>Bytes that are to be sent, with what is known of the objects among them. Grows, and can be cut back.</summary>
internal sealed class PayloadWriter : IBufferWriter<byte>, IWorkWriter
{
    private const int KeptCapacity = 1 << 10;

    private readonly List<(Member? Member, int Index)> _path = [];
    private byte[] _buffer = new byte[512];
    private byte[]? _expected;
    private Dictionary<object, int>? _objects;
    private Dictionary<Body, int>? _bodies;
    private HashSet<int>? _open;
    private object? _first;
    private int _count;

    /// <summary>What the values are, for errors.</summary>
    internal Subject Subject { get; set; } = new("argument", "a function");

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    internal ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>Writes by their fields also those types that have converters: to compare two of them.</summary>
    internal bool ByFieldsOnly { get; init; }

    public void Write<T>(T value)
    {
        try
        {
            Codec<T>.Get().Write(this, value);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Portable.CannotSend<T>(Subject, failure, _path);
        }
    }

    public NotPortableException? WriteAll<T>(ReadOnlySpan<T> values)
    {
        var (head, start, done) = (Length, 0, 0);
        WriteInt32(values.Length);
        try
        {
            if (Codec<T>.Get() is RawCodec<T> raw)
            {
                raw.WriteItems(this, values);
                return null;
            }

            for (; done < values.Length; done++)
            {
                start = Length;
                Forget();
                Codec<T>.Get().Write(this, values[done]);
            }

            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var refusal = Portable.CannotSend<T>(Subject, failure, _path);
            if (done == 0)
            {
                throw refusal;
            }

            CutTo(start);
            SetInt32(head, done);
            return refusal;
        }
        finally
        {
            Forget();
        }
    }

    public void WriteFailure(Exception? failure)
    {
        WriteByte(failure is null ? (byte)0 : (byte)1);
        if (failure is not null)
        {
            RemoteFailure.Write(this, failure);
        }
    }

    /// <summary>An object, or null. Its type is written where it is another than what is declared, and is new.</summary>
    internal void WriteObject(object? value, Type declared)
    {
        if (value is null)
        {
            WriteByte((byte)Mark.Null);
            return;
        }

        if (value is string text)
        {
            WriteByte((byte)Mark.Text);
            WriteString(text);
            return;
        }

        if (Find(value) is { } number)
        {
            if (_open?.Contains(number) == true)
            {
                throw new Refusal($"this {TypeNames.Of(value.GetType())} is in itself, or shared in a way that no copy can have");
            }

            WriteByte((byte)Mark.Again);
            WriteInt32(number);
            return;
        }

        var type = Reflective.IsSupported ? value.GetType() : declared;
        var body = Body.Of(type);
        WriteByte((byte)(type == declared ? Mark.Declared : Mark.Named));
        if (type != declared)
        {
            WriteType(body);
        }

        WriteValue(body, value);
    }

    /// <summary>What an object or a structure consists of.</summary>
    internal void WriteValue(Body body, object value)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new Refusal("it is nested too deeply");
        }

        var number = body.Type.IsValueType ? -1 : Remember(value);
        if (body.Layout != 0 && Introduce(body))
        {
            WriteInt32(body.Layout);
        }

        if (body.IsMadeLast && number >= 0)
        {
            // It can be referred to once it is there, and not from within.
            (_open ??= []).Add(number);
            body.Write(this, value);
            _open.Remove(number);
        }
        else
        {
            body.Write(this, value);
        }
    }

    /// <summary>Takes note of an object of which a part goes: a reference to all of it could not be kept.</summary>
    internal void Open(object value)
    {
        if (Find(value) is not null)
        {
            throw new Refusal($"this part of a {TypeNames.Of(value.GetType())} and another place of what is sent share it. Send copies");
        }

        (_open ??= []).Add(Remember(value));
    }

    /// <summary>The same of objects that went inside of another, which the other side cannot name.</summary>
    internal void OpenAll(object[] inside)
    {
        WriteInt32(inside.Length);
        foreach (var each in inside)
        {
            Open(each);
        }
    }

    /// <summary>Which objects were written.</summary>
    internal IEnumerable<object> Objects => _count == 0 ? [] : _objects is null ? [_first!] : [_first!, .. _objects.Keys];

    /// <summary>Does something with another writer, whose refusal is one of a place in here.</summary>
    internal void Within(PayloadWriter other, Action<PayloadWriter> action)
    {
        try
        {
            action(other);
        }
        catch (Refusal)
        {
            _path.AddRange(other._path);
            throw;
        }
    }

    /// <summary>Where in what is sent this is, for errors. A refusal leaves it as it is, to be read.</summary>
    internal void Enter(Member? member, int index = -1) => _path.Add((member, index));

    internal void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <summary>The next value is another message's: what was met before is not known there.</summary>
    internal void Forget()
    {
        _path.Clear();
        _first = null;
        _count = 0;
        (_open, _bodies) = (null, null);
        if (_objects?.Capacity > KeptCapacity)
        {
            _objects = null;
        }

        _objects?.Clear();
    }

    /// <summary>From now on what is written must be this; at the first difference it is refused.</summary>
    internal void Expect(ReadOnlySpan<byte> bytes) => _expected = bytes.ToArray();

    public void Advance(int count)
    {
        var start = Length;
        Length += count;
        if (_expected is not null && (Length > _expected.Length || !_expected.AsSpan(start, count).SequenceEqual(_buffer.AsSpan(start, count))))
        {
            throw new Refusal("it would be another one");
        }
    }

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
        if (length == 0)
        {
            Forget();
            _buffer = _buffer.Length > 1 << 20 ? new byte[512] : _buffer;
        }
    }

    internal void WriteByte(byte value) => WriteRaw(value);

    internal void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(GetSpan(sizeof(int)), value);
        Advance(sizeof(int));
    }

    /// <summary>Writes a number into room that was left for it.</summary>
    internal void SetInt32(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(position), value);

    internal void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>With its length in front; a null as the length -1.</summary>
    internal void WriteString(string? text)
    {
        WriteInt32(text?.Length ?? -1);

        // What is not valid UTF-16 must arrive as it is, too, and UTF-8 has no room for it.
        WriteBytes(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    /// <summary>The value as it stands in memory.</summary>
    /// <typeparam name="T">Without references.</typeparam>
    internal void WriteRaw<T>(T value)
    {
        Reserve(Unsafe.SizeOf<T>());
        Unsafe.WriteUnaligned(ref _buffer[Length], value);
        Advance(Unsafe.SizeOf<T>());
    }

    private void WriteType(Body body)
    {
        _bodies ??= [];
        var isNew = !_bodies.TryGetValue(body, out var number);
        WriteInt32(isNew ? -1 : number);
        if (isNew)
        {
            WriteString(body.Name);
            Introduce(body);
            if (body.Layout != 0)
            {
                WriteInt32(body.Layout);
            }
        }
    }

    /// <returns>Whether the other side does not know it yet.</returns>
    private bool Introduce(Body body) => (_bodies ??= []).TryAdd(body, _bodies.Count);

    private int? Find(object value)
        => _count == 0 ? null
            : ReferenceEquals(value, _first) ? 0
            : _objects is not null && _objects.TryGetValue(value, out var number) ? number
            : null;

    /// <summary>Most messages have one object, and need no table.</summary>
    private int Remember(object value)
    {
        if (_count == 0)
        {
            _first = value;
        }
        else
        {
            (_objects ??= new(ReferenceEqualityComparer.Instance)).Add(value, _count);
        }

        return _count++;
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

/// <summary>What stands before an object.</summary>
internal enum Mark : byte
{
    Null,
    Text,
    Again,
    Declared,
    Named,
}
