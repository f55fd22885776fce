using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Heddle;

/// <summary>Everything else, as JSON by its declared type.</summary>
internal sealed class JsonCodec<T> : Codec<T>
{
    [ThreadStatic]
    private static Utf8JsonWriter? t_json;

    private readonly JsonTypeInfo<T> _type = Describe();

    internal override void Write(PayloadWriter writer, T value)
    {
        if (value is not null && value.GetType() != typeof(T) && _type is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null })
        {
            throw new NotSupportedException(
                $"It is a {TypeNames.Of(value.GetType())}, and only what a {TypeNames.Of(typeof(T))} has would arrive. Declare the exact type, "
                + "or mark the declared one with [JsonDerivedType].");
        }

        var start = writer.Length;
        writer.WriteInt32(0);
        var json = t_json ??= new Utf8JsonWriter(writer, new JsonWriterOptions { SkipValidation = true });
        json.Reset(writer);
        try
        {
            JsonSerializer.Serialize(json, value, _type);
            json.Flush();
        }
        catch
        {
            // What it holds back would be written by the next one.
            t_json = null;
            throw;
        }

        start += sizeof(int);
        writer.SetInt32(start - sizeof(int), writer.Length - start);
        if (value is not null)
        {
            ThrowIfChanged(writer, writer.Written[start..], value);
        }
    }

    internal override T Read(PayloadReader reader) => JsonSerializer.Deserialize(reader.ReadBytes(reader.ReadInt32()), _type)!;

    /// <summary>No look at types tells what their properties, constructors and converters make of a value, so it is made and compared.</summary>
    private void ThrowIfChanged(PayloadWriter writer, ReadOnlySpan<byte> json, T value)
    {
        T made;
        try
        {
            made = JsonSerializer.Deserialize(json, _type)!;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new CannotBeMadeException(failure);
        }

        var mark = writer.Sent.Mark();
        try
        {
            if (writer.Sent.Find(value, made) is { } difference && !IsSameOnceWritten(writer.Sent, mark, value, made))
            {
                throw new NotSupportedException($"{difference}");
            }
        }
        finally
        {
            writer.EndValue();
            DisposeOf(made, value);
        }
    }

    /// <summary>To write a value is to read its properties, and some remember then what they have computed: so does the copy, once it is written.</summary>
    private bool IsSameOnceWritten(Sameness sent, int mark, T value, T made)
    {
        try
        {
            JsonSerializer.Serialize(Stream.Null, made, _type);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return false;
        }

        sent.ForgetSince(mark);
        return sent.Find(value, made) is null;
    }

    /// <summary>Only what is of the platform: a class of the program's may delete the file that its original has the name of.</summary>
    private static void DisposeOf(T made, T value)
    {
        if (made is IDisposable disposable && !ReferenceEquals(made, value) && TypeNames.IsOfPlatform(made.GetType()))
        {
            disposable.Dispose();
        }
    }

    private static JsonTypeInfo<T> Describe()
    {
        if (typeof(T) == typeof(CancellationToken))
        {
            throw new NotSupportedException(
                "A token is of its process. Let the function take one as its last parameter and pass none: the executor gives it one that "
                + "the caller's scope cancels.");
        }

        var type = (JsonTypeInfo<T>)WorkJson.Options.GetTypeInfo(typeof(T));
        if (type is { Kind: JsonTypeInfoKind.Object, Properties.Count: 0, PolymorphismOptions: null })
        {
            throw new NotSupportedException("It has no public properties or fields, so nothing of it would arrive.");
        }

        LossyTypes.ThrowIfSo(type);
        return type;
    }
}
