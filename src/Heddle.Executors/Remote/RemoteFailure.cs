using System.Runtime.ExceptionServices;

namespace Heddle;

/// <summary>An exception on its way back.</summary>
internal static class RemoteFailure
{
    private const int DeepestInner = 20;

    internal static void Write(PayloadWriter writer, Exception failure, int depth = 0)
    {
        var type = failure.GetType();
        writer.WriteString(failure is RemoteException remote ? remote.RemoteType : type.FullName);
        writer.WriteString(failure is RemoteException ? null : type.AssemblyQualifiedName);
        writer.WriteString((failure as RemoteException)?.RemoteMessage ?? OwnMessageOf(failure));
        writer.WriteString(StackOf(failure));
        writer.WriteInt32(failure.HResult);
        IReadOnlyList<Exception> inner = failure is AggregateException several ? several.InnerExceptions
            : failure.InnerException is { } one ? [one]
            : [];
        writer.WriteInt32(depth == DeepestInner ? 0 : inner.Count);
        if (depth < DeepestInner)
        {
            foreach (var each in inner)
            {
                Write(writer, each, depth + 1);
            }
        }
    }

    internal static Exception Read(PayloadReader reader, string? where = null)
    {
        var name = reader.ReadString()!;
        var qualifiedName = reader.ReadString();
        var message = reader.ReadString()!;
        var stack = reader.ReadString();
        var result = reader.ReadInt32();
        var inner = new Exception[reader.ReadInt32()];
        for (var i = 0; i < inner.Length; i++)
        {
            inner[i] = Read(reader);
        }

        var failure = KnownExceptions.Make(name, qualifiedName, message, inner);
        failure.HResult = result;
        if (stack is not null)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(failure, where is null ? stack : $"{stack}{Environment.NewLine}   on {where}");
        }

        return failure;
    }

    /// <summary>Without the messages of what is in it, which one that is made again adds by itself.</summary>
    private static string OwnMessageOf(Exception failure)
    {
        var message = MessageOf(failure);
        if (failure is AggregateException several && failure.GetType() == typeof(AggregateException))
        {
            var added = string.Concat(several.InnerExceptions.Select(inner => $" ({MessageOf(inner)})"));
            return message.EndsWith(added, StringComparison.Ordinal) ? message[..^added.Length] : message;
        }

        return message;
    }

    internal static string MessageOf(Exception failure)
    {
        try
        {
            return failure.Message;
        }
        catch (Exception another)
        {
            return $"(its message cannot be read: {another.GetType().Name})";
        }
    }

    private static string? StackOf(Exception failure)
    {
        try
        {
            return failure.StackTrace;
        }
        catch (Exception another)
        {
            return $"   (its stack cannot be read: {another.GetType().Name})";
        }
    }
}
