using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Reads what a <see cref="PayloadWriter"/> has written, and makes nothing that is not allowed where it stands.</summary>
internal sealed class PayloadReader(ReadOnlyMemory<byte> bytes) : IWorkReader
{
    private readonly List<object?> _objects = [];
    private readonly List<Body> _bodies = [];
    private readonly List<Action> _last = [];
    private ReadOnlyMemory<byte> _rest = bytes;

    /// <summary>What the values are, for errors.</summary>
    internal Subject Subject { get; set; } = new("argument", "a function");

    internal int Left => _rest.Length;

    public T Read<T>()
    {
        try
        {
            var value = Codec<T>.Get().Read(this);
            MakeLast();
            return value;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Portable.CannotMake<T>(Subject, failure);
        }
    }

    public T[] ReadAll<T>(out NotPortableException? refusal)
    {
        var done = 0;
        var values = new T[ReadCount()];
        refusal = null;
        try
        {
            if (Codec<T>.Get() is RawCodec<T> raw)
            {
                raw.ReadItems(this, values);
                return values;
            }

            for (; done < values.Length; done++)
            {
                Forget();
                values[done] = Codec<T>.Get().Read(this);
                MakeLast();
            }

            return values;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            refusal = Portable.CannotMake<T>(Subject, failure);
            return done > 0 ? values[..done] : throw refusal;
        }
        finally
        {
            Forget();
        }
    }

    public Exception? ReadFailure() => ReadByte() == 0 ? null : RemoteFailure.Read(this);

    internal object? ReadObject(Type declared)
    {
        switch ((Mark)ReadByte())
        {
            case Mark.Null:
                return null;
            case Mark.Text:
                return ReadString();
            case Mark.Again:
                var number = ReadInt32();
                return (uint)number < (uint)_objects.Count && _objects[number] is { } before ? before : throw Broken();
            case Mark.Declared:
                return ReadValue(Body.Of(declared), Reserve());
            case Mark.Named:
                var body = ReadType(declared);
                return ReadValue(body, body.Type.IsValueType ? -1 : Reserve());
            default:
                throw Broken();
        }
    }

    /// <param name="body">How it is made.</param>
    /// <param name="number">What it is referred to by; -1 if it is a value.</param>
    internal object ReadValue(Body body, int number)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new Refusal("it is nested too deeply");
        }

        if (body.Layout != 0 && !_bodies.Contains(body))
        {
            _bodies.Add(body);
            CheckLayout(body);
        }

        var value = body.Read(this, number);
        Set(number, value);
        return value;
    }

    /// <summary>The object of that number is there, though perhaps not all that is in it.</summary>
    internal void Set(int number, object value)
    {
        if (number >= 0)
        {
            _objects[number] = value;
        }
    }

    /// <summary>A number that the writer has given to an object.</summary>
    internal int Reserve()
    {
        _objects.Add(null);
        return _objects.Count - 1;
    }

    /// <summary>Has something done when all objects are whole: what looks into them, as a table does that they are the keys of.</summary>
    internal void AtLast(Action action) => _last.Add(action);

    internal byte ReadByte() => ReadBytes(1)[0];

    internal int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(sizeof(int)));

    /// <summary>A number of items each of which takes a byte or more, so that nobody makes room for what has not come.</summary>
    internal int ReadCount() => ReadInt32() is >= 0 and var count && count <= Left ? count : throw Broken();

    internal ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            throw Broken();
        }

        var bytes = _rest.Span[..count];
        _rest = _rest[count..];
        return bytes;
    }

    internal string? ReadString()
    {
        var length = ReadInt32();
        return length < 0 ? null : new string(MemoryMarshal.Cast<byte, char>(ReadBytes(checked(length * sizeof(char)))));
    }

    internal T ReadRaw<T>() => Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetReference(ReadBytes(Unsafe.SizeOf<T>())));

    private static InvalidDataException Broken()
        => new("A message between an executor and its worker is cut short or broken. Both must run the same version of Heddle.");

    private Body ReadType(Type declared)
    {
        var number = ReadInt32();
        if (number >= 0)
        {
            return number < _bodies.Count && _bodies[number].CanBe(declared) ? _bodies[number] : throw Broken();
        }

        var body = Body.Named(ReadString()!, declared);
        _bodies.Add(body);
        if (body.Layout != 0)
        {
            CheckLayout(body);
        }

        return body;
    }

    private void CheckLayout(Body body)
    {
        if (ReadInt32() != body.Layout)
        {
            throw new Refusal($"{TypeNames.Of(body.Type)} has other fields on the other side. Deploy the same build everywhere");
        }
    }

    private void MakeLast()
    {
        // What is inside has come to its end before what it is in.
        for (var i = 0; i < _last.Count; i++)
        {
            _last[i]();
        }

        _last.Clear();
    }

    private void Forget()
    {
        _objects.Clear();
        _bodies.Clear();
        _last.Clear();
    }
}
