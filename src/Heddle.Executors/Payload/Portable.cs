namespace Heddle;

/// <summary>What is sent, for errors.</summary>
/// <param name="What">An argument or a result.</param>
/// <param name="Function">Of which function.</param>
internal readonly record struct Subject(string What, string Function);

/// <summary>Arguments and results on their way, with errors that say which and why.</summary>
internal static class Portable
{
    internal static void Write<T>(PayloadWriter writer, T value)
    {
        try
        {
            Codec<T>.Get().Write(writer, value);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw CannotSend<T>(writer.Subject, failure);
        }
    }

    internal static T Read<T>(PayloadReader reader, Func<Codec<T>> codec)
    {
        try
        {
            return codec().Read(reader);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw CannotMake<T>(reader.Subject, failure);
        }
    }

    internal static NotPortableException CannotSend<T>(Subject subject, Exception failure)
        => failure is CannotBeMadeException { InnerException: { } reason } ? CannotMake<T>(subject, reason) : failure as NotPortableException ?? new(
            $"The {subject.What} of {subject.Function}, of type {TypeNames.Of(typeof(T))}, cannot be sent to another process. {failure.Message} "
            + $"Pass plain data, or what the other side can open for itself: a path, an address, a key.{Registering}",
            failure);

    internal static NotPortableException CannotMake<T>(Subject subject, Exception failure)
        => failure as NotPortableException ?? new(
            $"The {subject.What} of {subject.Function} can be sent, but no {TypeNames.Of(typeof(T))} can be made of it again. {failure.Message} "
            + $"Declare a class or struct with public setters, or with a constructor whose parameters are named like its properties.{Registering}",
            failure);

    private static string Registering => Reflective.IsSupported
        ? ""
        : " This program is trimmed: types that are sent as JSON come from a JsonSerializerContext given to WorkRegistry.AddJson.";
}
