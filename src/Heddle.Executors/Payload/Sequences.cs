namespace Heddle;

/// <summary>Several arguments, or several results, with their number in front: as many as go, up to the first that does not.</summary>
internal static class Sequences
{
    /// <returns>Why the value after those that are written cannot be sent; null if all are written.</returns>
    /// <exception cref="NotPortableException">Not even the first can.</exception>
    internal static NotPortableException? Write<T>(
        PayloadWriter writer, Func<Codec<T>> codec, ReadOnlySpan<T> values)
    {
        var head = writer.Length;
        var done = 0;
        writer.WriteInt32(values.Length);
        try
        {
            codec().WriteAll(writer, values, out done);
            return null;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            var refusal = Portable.CannotSend<T>(writer.Subject, failure);
            writer.SetInt32(head, done);
            return done > 0 ? refusal : throw refusal;
        }
    }

    /// <param name="reader">Not to be read from any more if a value cannot be made.</param>
    /// <param name="codec">How they were written.</param>
    /// <param name="refusal">Why the value after those that are returned cannot be made; null if all are.</param>
    /// <exception cref="NotPortableException">Not even the first can.</exception>
    internal static T[] Read<T>(
        PayloadReader reader, Func<Codec<T>> codec, out NotPortableException? refusal)
    {
        var values = new T[reader.ReadInt32()];
        var done = 0;
        refusal = null;
        try
        {
            codec().ReadAll(reader, values, out done);
            return values;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            refusal = Portable.CannotMake<T>(reader.Subject, failure);
            return done > 0 ? values[..done] : throw refusal;
        }
    }
}
