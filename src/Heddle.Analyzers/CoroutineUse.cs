using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Heddle.Analyzers;

/// <summary>What one operation does with a coroutine, or with a collection or a tuple of some.</summary>
internal enum CoroutineUse
{
    /// <summary>Nothing: it looks at it, prints it or drops it.</summary>
    Drops,

    /// <summary>Its own value has the coroutine.</summary>
    Passes,

    /// <summary>It awaits it, or gives it to something that may: an argument, a result, a field.</summary>
    HandsOn,
}

/// <summary>Judges uses.</summary>
internal static class CoroutineUses
{
    /// <summary>The use of a value by the operation around it.</summary>
    internal static CoroutineUse Of(IOperation value, IOperation? user) => user switch
    {
        IConversionOperation or IParenthesizedOperation or ITranslatedQueryOperation or IArrayInitializerOperation or ISpreadOperation => CoroutineUse.Passes,
        IArrayCreationOperation creation when creation.Initializer == value => CoroutineUse.Passes,
        ICollectionExpressionOperation collection when IsOfThePlatform(collection.Type) => CoroutineUse.Passes,
        IArrayElementReferenceOperation element when element.ArrayReference == value => CoroutineUse.Passes,
        IFieldReferenceOperation or IPropertyReferenceOperation => IsPlain(user.Type) ? CoroutineUse.Drops
            : user is IFieldReferenceOperation || IsOfNullable(((IPropertyReferenceOperation)user).Property) ? CoroutineUse.Passes
            : CoroutineUse.HandsOn,
        IExpressionStatementOperation or IInterpolationOperation or IIsTypeOperation or IIsPatternOperation => CoroutineUse.Drops,
        IIsNullOperation or INameOfOperation or IBinaryOperation => CoroutineUse.Drops,
        ISimpleAssignmentOperation assignment when assignment.Target == value => CoroutineUse.Drops,
        IDeconstructionAssignmentOperation assignment when assignment.Target == value => CoroutineUse.Drops,
        IInvocationOperation call when call.Instance == value => IsOfEveryObject(call.TargetMethod) ? CoroutineUse.Drops
            : IsOfNullable(call.TargetMethod) ? CoroutineUse.Passes
            : CoroutineUse.HandsOn,
        IArgumentOperation { Parent: IInvocationOperation call } when Prints(call.TargetMethod) => CoroutineUse.Drops,
        _ => CoroutineUse.HandsOn,
    };

    /// <summary>A collection of somebody else may start what it is given.</summary>
    private static bool IsOfThePlatform(ITypeSymbol? type) =>
        type is IArrayTypeSymbol || type?.ContainingNamespace?.ToString().StartsWith("System", StringComparison.Ordinal) is true;

    /// <summary>A length or a name has no coroutine in it.</summary>
    private static bool IsPlain(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Enum } or { SpecialType: not (SpecialType.None or SpecialType.System_Object) and not SpecialType.System_Nullable_T };

    internal static bool IsOfNullable(ISymbol member) =>
        member.ContainingType?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    private static bool IsOfEveryObject(IMethodSymbol method)
    {
        while (method.OverriddenMethod is { } overridden)
        {
            method = overridden;
        }

        return method.ContainingType.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType;
    }

    /// <summary>Printing it shows that it is a coroutine, and runs none of it.</summary>
    private static bool Prints(IMethodSymbol method) => method.Name is "AppendFormatted"
        || method is { Name: "Write" or "WriteLine", ContainingType: { Name: "Console", ContainingNamespace.Name: "System" } };
}
