using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>Refuses a function that carries something of this process with it.</summary>
internal static class Bound
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <exception cref="NotPortableException">It captures, is an instance's, is several, or was made at run time.</exception>
    [RequiresUnreferencedCode(Reflective.Why)]
    internal static void ThrowIfSo(Delegate function, string name)
    {
        if (WhatIsWrong(function) is { } wrong)
        {
            throw new NotPortableException(
                $"{name} cannot be sent to another process: {wrong}. Make it a static method or a static lambda, and pass what "
                + "it needs as arguments: executor.RunAsync(static (path, limit) => Read(path, limit), path, limit).");
        }
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    private static string? WhatIsWrong(Delegate function)
    {
        var method = function.Method;
        if (!function.HasSingleTarget)
        {
            return "the delegate holds several functions";
        }

        if (method.DeclaringType is null || method.Module.Assembly.IsDynamic)
        {
            return "it was made at run time, so no other process has it";
        }

        if (WorkAssemblies.PathOf(method.Module.Assembly) is null && WorkAssemblies.PathOf(typeof(Bound).Assembly) is not null)
        {
            return $"its assembly {method.Module.Assembly.GetName().Name} was loaded from memory, so no other process can load it";
        }

        if (function.Target is not { } target)
        {
            return null;
        }

        if (method.IsStatic)
        {
            return $"it is bound to its first argument, a {TypeNames.Of(target.GetType())}";
        }

        var type = target.GetType();
        if (!type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
        {
            return $"it is a method of an object, a {TypeNames.Of(type)}";
        }

        // A lambda that captures nothing is a method of an object without fields.
        var captured = type.GetFields(Fields);
        return captured.Length == 0 ? null : $"it captures {string.Join(", ", captured.Select(NameOf))}";
    }

    private static string NameOf(FieldInfo captured) => captured.Name.StartsWith('<')
        ? captured.Name.EndsWith("this", StringComparison.Ordinal) ? "this" : "variables of an outer block"
        : $"'{captured.Name}'";
}
