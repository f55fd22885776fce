using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Heddle.Testing;

/// <summary>Reads from the code of a state machine which awaits it has: the number of each, and what is awaited.</summary>
/// <remarks>
/// The compiler calls <c>GetAwaiter</c> on what the awaited call has returned, and where that is not complete it stores the number of the await as the
/// state. Where the code cannot be had, as with Native AOT, there are none.
/// </remarks>
internal static class AwaitReader
{
    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    /// <param name="stateMachine">The compiler's type.</param>
    /// <param name="moveNext">The method that was read; null if there was none.</param>
    /// <returns>In the order of the numbers, which is that of the text.</returns>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A method that is not there has no awaits, and that is no error.")]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Code that was changed by trimming still has its awaits.")]
    internal static IReadOnlyList<(int State, string Callee, int Offset)> Read(Type stateMachine, out MethodBase? moveNext)
    {
        moveNext = stateMachine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        try
        {
            return moveNext?.GetMethodBody()?.GetILAsByteArray() is { } code ? Read(moveNext, code) : [];
        }
        catch (Exception failure) when (failure is NotSupportedException or ArgumentException or BadImageFormatException or IOException)
        {
            // A token that cannot be resolved: the report does with less.
            return [];
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Code that was changed by trimming still has its awaits.")]
    private static List<(int State, string Callee, int Offset)> Read(MethodBase moveNext, byte[] code)
    {
        var module = moveNext.Module;
        var typeArguments = moveNext.DeclaringType!.IsGenericType ? moveNext.DeclaringType.GetGenericArguments() : null;
        var awaits = new SortedDictionary<int, (string Callee, int Offset)>();
        MethodBase? called = null;
        string? awaited = null;
        var constant = -1;
        for (var offset = 0; offset < code.Length;)
        {
            var at = offset;
            var value = (short)code[offset++];
            if (value == 0xFE)
            {
                value = (short)(0xFE00 | code[offset++]);
            }

            var op = s_codes[value];
            if (op == OpCodes.Call || op == OpCodes.Callvirt)
            {
                var method = module.ResolveMethod(BitConverter.ToInt32(code, offset), typeArguments, null)!;
                if (method.Name == "GetAwaiter")
                {
                    awaited = called is null ? NameOf(AwaitableOf(method)) : NameOf(called);
                }

                called = method.Name == "GetAwaiter" ? null : method;
            }
            else if (op == OpCodes.Stfld && constant >= 0 && awaited is not null
                && module.ResolveField(BitConverter.ToInt32(code, offset), typeArguments, null)!.Name == "<>1__state")
            {
                awaits[constant] = (awaited, at);
                awaited = null;
            }
            else if (!IsNeutral(op))
            {
                called = null;
            }

            constant = ConstantOf(op, code, offset) ?? constant;
            offset += SizeOf(op, code, offset);
        }

        return [.. awaits.Select(static entry => (entry.Key, entry.Value.Callee, entry.Value.Offset))];
    }

    private static Type AwaitableOf(MethodBase getAwaiter)
        => getAwaiter.IsStatic ? getAwaiter.GetParameters()[0].ParameterType : getAwaiter.DeclaringType!;

    /// <summary>What is put aside and taken up again between the call and its await.</summary>
    private static bool IsNeutral(OpCode op)
        => op == OpCodes.Nop || op == OpCodes.Dup || op.Name!.StartsWith("stloc", StringComparison.Ordinal) || op.Name.StartsWith("ldloc", StringComparison.Ordinal);

    private static string NameOf(MethodBase method)
    {
        var name = method.Name;
        if (name.Contains("g__", StringComparison.Ordinal))
        {
            return name[(name.IndexOf("g__", StringComparison.Ordinal) + 3)..].Split('|')[0];
        }

        var type = method.DeclaringType!;
        return type is { Name: "Program", Namespace: null } || type.Name.StartsWith('<') ? name : $"{NameOf(type)}.{name}";
    }

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static int? ConstantOf(OpCode op, byte[] code, int offset)
        => op.Value >= OpCodes.Ldc_I4_M1.Value && op.Value <= OpCodes.Ldc_I4_8.Value ? op.Value - OpCodes.Ldc_I4_0.Value
            : op == OpCodes.Ldc_I4_S ? (sbyte)code[offset]
            : op == OpCodes.Ldc_I4 ? BitConverter.ToInt32(code, offset)
            : null;

    private static int SizeOf(OpCode op, byte[] code, int offset) => op.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, offset)),
        _ => 4,
    };
}
