using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;

namespace Heddle;

/// <summary>Makes exceptions again: the common ones and those that were registered by themselves, others by reflection.</summary>
internal static class KnownExceptions
{
    private static readonly ConcurrentDictionary<string, Func<string, Exception?, Exception>> s_factories = new(new Dictionary<string, Func<string, Exception?, Exception>>
    {
        [typeof(Exception).FullName!] = static (message, inner) => new Exception(message, inner),
        [typeof(ArgumentException).FullName!] = static (message, inner) => new ArgumentException(message, inner),
        [typeof(ArgumentNullException).FullName!] = static (message, inner) => new ArgumentNullException(message, inner),
        [typeof(ArgumentOutOfRangeException).FullName!] = static (message, inner) => new ArgumentOutOfRangeException(message, inner),
        [typeof(ArithmeticException).FullName!] = static (message, inner) => new ArithmeticException(message, inner),
        [typeof(DirectoryNotFoundException).FullName!] = static (message, inner) => new DirectoryNotFoundException(message, inner),
        [typeof(DivideByZeroException).FullName!] = static (message, inner) => new DivideByZeroException(message, inner),
        [typeof(EndOfStreamException).FullName!] = static (message, inner) => new EndOfStreamException(message, inner),
        [typeof(FileNotFoundException).FullName!] = static (message, inner) => new FileNotFoundException(message, inner),
        [typeof(FormatException).FullName!] = static (message, inner) => new FormatException(message, inner),
        [typeof(IndexOutOfRangeException).FullName!] = static (message, inner) => new IndexOutOfRangeException(message, inner),
        [typeof(InvalidCastException).FullName!] = static (message, inner) => new InvalidCastException(message, inner),
        [typeof(InvalidDataException).FullName!] = static (message, inner) => new InvalidDataException(message, inner),
        [typeof(InvalidOperationException).FullName!] = static (message, inner) => new InvalidOperationException(message, inner),
        [typeof(IOException).FullName!] = static (message, inner) => new IOException(message, inner),
        [typeof(JsonException).FullName!] = static (message, inner) => new JsonException(message, inner),
        [typeof(KeyNotFoundException).FullName!] = static (message, inner) => new KeyNotFoundException(message, inner),
        [typeof(NotImplementedException).FullName!] = static (message, inner) => new NotImplementedException(message, inner),
        [typeof(NotPortableException).FullName!] = static (message, inner) => new NotPortableException(message, inner),
        [typeof(NotSupportedException).FullName!] = static (message, inner) => new NotSupportedException(message, inner),
        [typeof(NullReferenceException).FullName!] = static (message, inner) => new NullReferenceException(message, inner),
        [typeof(ObjectDisposedException).FullName!] = static (message, inner) => new ObjectDisposedException(message, inner),
        [typeof(OperationCanceledException).FullName!] = static (message, inner) => new OperationCanceledException(message, inner),
        [typeof(OutOfMemoryException).FullName!] = static (message, inner) => new OutOfMemoryException(message, inner),
        [typeof(OverflowException).FullName!] = static (message, inner) => new OverflowException(message, inner),
        [typeof(TimeoutException).FullName!] = static (message, inner) => new TimeoutException(message, inner),
        [typeof(UnauthorizedAccessException).FullName!] = static (message, inner) => new UnauthorizedAccessException(message, inner),
    });

    internal static void Add(Type type, Func<string, Exception?, Exception> make) => s_factories[type.FullName!] = make;

    internal static Exception Make(string name, string? qualifiedName, string message, Exception[] inner)
    {
        if (name == typeof(AggregateException).FullName)
        {
            return new AggregateException(message, inner);
        }

        var first = inner.FirstOrDefault();
        var made = s_factories.TryGetValue(name, out var factory) ? factory(message, first)
            : Reflective.IsSupported && qualifiedName is not null ? TryReflect(qualifiedName, message, first)
            : null;

        // What says something else than what was thrown is worse than what says that it only stands for it.
        return made is not null && RemoteFailure.MessageOf(made) == message ? made : new RemoteException(name, message, first);
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    private static Exception? TryReflect(string qualifiedName, string message, Exception? inner)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        try
        {
            var type = Type.GetType(qualifiedName);
            if (type is null || type.IsAbstract || !type.IsSubclassOf(typeof(Exception)))
            {
                return null;
            }

            return type.GetConstructor(Any, [typeof(string), typeof(Exception)])?.Invoke([message, inner]) as Exception
                ?? (inner is null ? type.GetConstructor(Any, [typeof(string)])?.Invoke([message]) as Exception : null)
                ?? (inner is null ? type.GetConstructor(Any, [])?.Invoke([]) as Exception : null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return null;
        }
    }
}
