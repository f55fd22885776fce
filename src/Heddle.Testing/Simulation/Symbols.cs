using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Heddle.Testing;

/// <summary>The lines of a method's code, from the portable symbols beside its assembly or in it.</summary>
internal sealed class Symbols
{
    private static readonly ConcurrentDictionary<Assembly, MetadataReader?> s_readers = [];

    private readonly List<(int Offset, string File, int Line)> _points = [];

    private Symbols(MetadataReader reader, MethodBase method)
    {
        var handle = ((MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken)).ToDebugInformationHandle();
        foreach (var point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
        {
            if (!point.IsHidden)
            {
                _points.Add((point.Offset, reader.GetString(reader.GetDocument(point.Document).Name), point.StartLine));
            }
        }
    }

    /// <summary>Where the method begins.</summary>
    internal (string? File, int Line) First => _points.Count > 0 ? (_points[0].File, _points[0].Line) : default;

    /// <returns>Null where there are no symbols.</returns>
    internal static Symbols? LinesOf(MethodBase method)
    {
        try
        {
            return s_readers.GetOrAdd(method.Module.Assembly, Open) is { } reader ? new Symbols(reader, method) : null;
        }
        catch (Exception failure) when (failure is BadImageFormatException or InvalidOperationException or IOException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The statement that the code belongs to.</summary>
    internal (string? File, int Line) At(int offset)
    {
        var found = First;
        foreach (var point in _points)
        {
            if (point.Offset > offset)
            {
                break;
            }

            found = (point.File, point.Line);
        }

        return found;
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An assembly without a file has no symbols beside it, and that is no error.")]
    private static MetadataReader? Open(Assembly assembly)
    {
        if (assembly.IsDynamic || assembly.Location is not { Length: > 0 } path)
        {
            return null;
        }

        // Kept open for as long as the process lives, as its readers look into it.
        var image = new PEReader(File.OpenRead(path));
        return image.TryOpenAssociatedPortablePdb(path, static file => File.Exists(file) ? File.OpenRead(file) : null, out var symbols, out _)
            ? symbols!.GetMetadataReader()
            : null;
    }
}
