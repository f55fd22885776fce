using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A function by its place in its assembly: the same build has it there in every process.</summary>
internal static class ReflectedFunction
{
    [RequiresUnreferencedCode(Reflective.Why)]
    internal static void Write(PayloadWriter key, WorkItem work)
    {
        var called = work.Function;
        Bound.ThrowIfSo(called, work.ToString());
        var method = called.Method;
        var assembly = method.Module.Assembly;
        key.WriteString(assembly.FullName);
        key.WriteString(WorkAssemblies.PathOf(assembly));
        key.WriteRaw(method.Module.ModuleVersionId);
        key.WriteInt32(method.MetadataToken);
        WriteTypes(key, method.DeclaringType is { } type ? type.GetGenericArguments() : []);
        WriteTypes(key, method.GetGenericArguments());
        key.WriteByte(called.Target is null ? (byte)0 : (byte)1);
        key.WriteByte(work.TakesToken ? (byte)1 : (byte)0);
        key.WriteByte(called.GetType().Name[0] == 'F' ? (byte)1 : (byte)0);
        WriteTypes(key, called.GetType().GetGenericArguments());
    }

    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    internal static WorkItem Read(PayloadReader key)
    {
        var assembly = WorkAssemblies.Load(key.ReadString()!, key.ReadString());
        if (key.ReadRaw<Guid>() != assembly.ManifestModule.ModuleVersionId)
        {
            throw new NotPortableException(
                $"{assembly.GetName().Name} is another build on the worker than where the call came from, so its functions are not in the same places. It was "
                + "probably built again while the program runs: start the program again, and deploy the same build everywhere. Functions that are "
                + "registered by name with WorkRegistry.Add are found in other builds, too.");
        }

        var method = Method(assembly.ManifestModule, key.ReadInt32(), ReadTypes(key), ReadTypes(key));
        var target = key.ReadByte() == 0 ? null : RuntimeHelpers.GetUninitializedObject(method.DeclaringType!);
        var (takesToken, returns) = (key.ReadByte() == 1, key.ReadByte() == 1);
        var types = ReadTypes(key);
        var make = Maker(types, takesToken, returns);
        var function = Delegate.CreateDelegate(make.GetParameters()[0].ParameterType, target, method);
        Bound.ThrowIfSo(function, method.Name);
        return (WorkItem)make.Invoke(null, [function, .. new object?[make.GetParameters().Length - 1]])!;
    }

    /// <summary>That of the methods <c>WorkItem.Of</c> which takes such a delegate.</summary>
    /// <param name="types">The delegate's.</param>
    /// <param name="takesToken">Whether one of them is a token, which the executor gives.</param>
    /// <param name="returns">Whether the last is that of a result.</param>
    [RequiresUnreferencedCode(Reflective.Why)]
    [RequiresDynamicCode(Reflective.Why)]
    private static MethodInfo Maker(Type[] types, bool takesToken, bool returns)
    {
        var arguments = types.Length - (takesToken ? 1 : 0) - (returns ? 1 : 0);
        var make = typeof(WorkItem).GetMethods().Single(of => of.Name == nameof(WorkItem.Of)
            && of.GetParameters() is [{ ParameterType: var function }, .. var others]
            && others.Length == arguments
            && function.GetGenericArguments().Length == types.Length
            && function.Name[0] == (returns ? 'F' : 'A'));
        var given = types.ToList();
        if (takesToken)
        {
            given.RemoveAt(given.LastIndexOf(typeof(CancellationToken)));
        }

        return given.Count == 0 ? make : make.MakeGenericMethod([.. given]);
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
    private static Type[] ReadTypes(PayloadReader key)
    {
        var types = new Type[key.ReadInt32()];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = Type.GetType(key.ReadString()!, throwOnError: true)!;
        }

        return types;
    }
}
