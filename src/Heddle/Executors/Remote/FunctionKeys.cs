using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>What tells a worker which function is meant.</summary>
internal static class FunctionKeys
{
    private static readonly ConditionalWeakTable<Delegate, Known> s_keys = [];

    /// <exception cref="NotPortableException">The worker could not find the function by itself.</exception>
    internal static void Write(PayloadWriter writer, WorkFunction function)
    {
        if (!s_keys.TryGetValue(function.Function, out var known) || known.Shape != function.Shape)
        {
            known = new(function.Shape, Make(function));
            s_keys.AddOrUpdate(function.Function, known);
        }

        writer.WriteInt32(known.Key.Length);
        writer.WriteBytes(known.Key);
    }

    private static byte[] Make(WorkFunction function)
    {
        var key = new PayloadWriter();
        if (WorkRegistry.NameOf(function.Function) is { } name)
        {
            key.WriteByte((byte)KeyKind.Registered);
            key.WriteString(name);
            key.WriteString(function.Signature);
        }
        else if (Reflective.IsSupported)
        {
            key.WriteByte((byte)KeyKind.Reflected);
            ReflectedFunction.Write(key, function);
        }
        else
        {
            throw new NotPortableException(
                $"A worker of this program cannot find {FunctionNames.Of(function.Function)}: the program is trimmed, so functions are not found by reflection. "
                + "Call WorkRegistry.Add(F) with the static method F at the start of Main, before ProcessExecutor.RunWorkerIfAsked.");
        }

        return key.Written.ToArray();
    }

    private sealed record Known(string Shape, byte[] Key);
}

/// <summary>How a key names its function.</summary>
internal enum KeyKind : byte
{
    /// <summary>By the name that it was registered with.</summary>
    Registered,

    /// <summary>By its place in its assembly.</summary>
    Reflected,
}
