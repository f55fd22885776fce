namespace Heddle;

/// <summary>Several arguments, or several results, with their number in front.</summary>
internal static class Sequences
{
    internal static void Write<T>(PayloadWriter writer, Func<Codec<T>> codec, ReadOnlySpan<T> values, Delegate function, bool isResult = false)
    {
        try
        {
            writer.WriteInt32(values.Length);
            codec().WriteAll(writer, values);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Portable.CannotSend<T>(function, isResult ? "result" : "argument", failure);
        }
    }

    internal static T[] Read<T>(ref PayloadReader reader, Func<Codec<T>> codec, Delegate function, bool isResult = false)
    {
        try
        {
            var values = new T[reader.ReadInt32()];
            codec().ReadAll(ref reader, values);
            return values;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw Portable.CannotMake<T>(function, isResult ? "result" : "argument", failure);
        }
    }
}
