using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A function by its place in its assembly: the same build has it there in every process.</summary>
internal static class ReflectedFunction
{
    private const BindingFlags Internal = BindingFlags.Static | BindingFlags.NonPublic;

    [RequiresUnreferencedCode(Reflective.Why)]
    internal static void Write(PayloadWriter key, WorkFunction function)
    {
        var called = function.Function;
        Bound.ThrowIfSo(called);
        var method = called.Method;
        var assembly = method.Module.Assembly;
        key.WriteString(assembly.FullName);
        key.WriteString(WorkAssemblies.PathOf(assembly));
        key.WriteRaw(method.Module.ModuleVersionId);
        key.WriteInt32(method.MetadataToken);
        WriteTypes(key, method.DeclaringType is { } type ? type.GetGenericArguments() : []);
        WriteTypes(key, method.GetGenericArguments());
        key.WriteByte(called.Target is null ? (byte)0 : (byte)1);
        key.WriteString(function.Shape);
        WriteTypes(key, TypesOf(function));
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    internal static WorkFunction Read(ref PayloadReader key)
    {
        var assembly = WorkAssemblies.Load(key.ReadString()!, key.ReadString());
        if (key.ReadRaw<Guid>() != assembly.ManifestModule.ModuleVersionId)
        {
            throw new NotPortableException(
                $"{assembly.GetName().Name} is another build on the worker than where the call came from, so its functions are not in the same places. It was "
                + "probably built again while the program runs: start the program again, and deploy the same build everywhere. Functions that are "
                + "registered by name with WorkRegistry.Add are found in other builds, too.");
        }

        var method = Method(assembly.ManifestModule, key.ReadInt32(), ReadTypes(ref key), ReadTypes(ref key));
        var target = key.ReadByte() == 0 ? null : RuntimeHelpers.GetUninitializedObject(method.DeclaringType!);
        var make = typeof(WorkFunctions).GetMethod(key.ReadString()!, Internal)!;
        var types = ReadTypes(ref key);
        make = types.Length == 0 ? make : make.MakeGenericMethod(types);
        var function = Delegate.CreateDelegate(make.GetParameters()[0].ParameterType, target, method);
        return (WorkFunction)make.Invoke(null, [function])!;
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    private static MethodInfo Method(Module module, int token, Type[] ofType, Type[] ofMethod)
    {
        var method = (MethodInfo)module.ResolveMethod(token)!;
        if (ofType.Length > 0)
        {
            var type = method.DeclaringType!.MakeGenericType(ofType);
            method = (MethodInfo)MethodBase.GetMethodFromHandle(method.MethodHandle, type.TypeHandle)!;
        }

        return ofMethod.Length > 0 ? method.MakeGenericMethod(ofMethod) : method;
    }

    /// <summary>What the method of <see cref="WorkFunctions"/> is to be made with: the delegate's own types but for the token.</summary>
    private static IEnumerable<Type> TypesOf(WorkFunction function)
    {
        var types = function.Function.GetType().GetGenericArguments().ToList();
        if (function.TakesToken)
        {
            types.RemoveAt(types.LastIndexOf(typeof(CancellationToken)));
        }

        return types;
    }

    private static void WriteTypes(PayloadWriter key, IEnumerable<Type> types)
    {
        var all = types.ToArray();
        key.WriteInt32(all.Length);
        foreach (var type in all)
        {
            key.WriteString(type.AssemblyQualifiedName);
        }
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    private static Type[] ReadTypes(ref PayloadReader key)
    {
        var types = new Type[key.ReadInt32()];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = Type.GetType(key.ReadString()!, throwOnError: true)!;
        }

        return types;
    }
}
