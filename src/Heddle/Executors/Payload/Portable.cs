namespace Heddle;

/// <summary>Arguments and results on their way, with errors that say which and why.</summary>
internal static class Portable
{
    internal static void WriteArguments<T>(PayloadWriter writer, Func<Codec<T>> codec, T value, Delegate function)
    {
        try
        {
            codec().Write(writer, value);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw CannotSend<T>(function, "argument", failure);
        }
    }

    internal static T ReadArguments<T>(ref PayloadReader reader, Func<Codec<T>> codec, Delegate function)
    {
        try
        {
            return codec().Read(ref reader);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw CannotMake<T>(function, "argument", failure);
        }
    }

    internal static void WriteResult<T>(PayloadWriter writer, T value, Delegate function)
    {
        try
        {
            Codec<T>.Get().Write(writer, value);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw CannotSend<T>(function, "result", failure);
        }
    }

    internal static T ReadResult<T>(ref PayloadReader reader, Delegate function)
    {
        try
        {
            return Codec<T>.Get().Read(ref reader);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw CannotMake<T>(function, "result", failure);
        }
    }

    internal static NotPortableException CannotSend<T>(Delegate function, string what, Exception failure)
        => failure is CannotBeMadeException { InnerException: { } reason } ? CannotMake<T>(function, what, reason) : failure as NotPortableException ?? new(
            $"The {what} of {FunctionNames.Of(function)}, of type {TypeNames.Of(typeof(T))}, cannot be sent to another process. {failure.Message} "
            + $"Pass plain data, or what the other side can open for itself: a path, an address, a key.{Registering}",
            failure);

    internal static NotPortableException CannotMake<T>(Delegate function, string what, Exception failure)
        => failure as NotPortableException ?? new(
            $"The {what} of {FunctionNames.Of(function)} can be sent, but no {TypeNames.Of(typeof(T))} can be made of it again. {failure.Message} "
            + $"Declare a class or struct with public setters, or with a constructor whose parameters are named like its properties.{Registering}",
            failure);

    private static string Registering => Reflective.IsSupported
        ? ""
        : " This program is trimmed: types that are sent as JSON come from a JsonSerializerContext given to WorkRegistry.AddJson.";
}
