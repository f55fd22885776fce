namespace Heddle.Analyzers;

/// <summary>What the code around a coroutine does with it.</summary>
internal readonly struct CoroutineUse
{
    private CoroutineUse(bool isHandedOn, ILocalSymbol? storedIn)
    {
        IsHandedOn = isHandedOn;
        StoredIn = storedIn;
    }

    /// <summary>Whether it is awaited, or given to something that may await it: an argument, a result, a field.</summary>
    internal bool IsHandedOn { get; }

    /// <summary>The local that it is put into, so that the local's uses decide.</summary>
    internal ILocalSymbol? StoredIn { get; }

    /// <summary>Looks outwards from the expression until something takes the coroutine, or nothing does.</summary>
    internal static CoroutineUse Of(IOperation coroutine)
    {
        for (var (value, user) = (coroutine, coroutine.Parent); user is not null; (value, user) = (user, user.Parent))
        {
            switch (user)
            {
                case IConversionOperation or IParenthesizedOperation:
                case IConditionalAccessOperation access when access.WhenNotNull == value:
                case IConditionalOperation choice when choice.Condition != value:
                case ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation:
                    continue;
                case IExpressionStatementOperation or IInterpolationOperation or IIsTypeOperation or IIsPatternOperation:
                case INameOfOperation or IBinaryOperation:
                    return default;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    return new(false, declarator.Symbol);
                case ISimpleAssignmentOperation assignment when assignment.Value == value:
                    return Assigned(assignment);
                case ISimpleAssignmentOperation:
                    return default;
                case IInvocationOperation call when call.Instance == value:
                    return new(!IsOfEveryObject(call.TargetMethod), null);
                case IArgumentOperation { Parent: IInvocationOperation call } when Prints(call.TargetMethod):
                    return default;
                default:
                    return new(true, null);
            }
        }

        return new(true, null);
    }

    private static CoroutineUse Assigned(ISimpleAssignmentOperation assignment) => assignment.Target switch
    {
        IDiscardOperation => default,
        ILocalReferenceOperation target when assignment.Parent is IExpressionStatementOperation => new(false, target.Local),
        _ => new(true, null),
    };

    private static bool IsOfEveryObject(IMethodSymbol method)
    {
        while (method.OverriddenMethod is { } overridden)
        {
            method = overridden;
        }

        return method.ContainingType.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType;
    }

    /// <summary>Printing it shows that it is a coroutine, and runs none of it.</summary>
    private static bool Prints(IMethodSymbol method) =>
        method is { Name: "Write" or "WriteLine", ContainingType: { Name: "Console", ContainingNamespace.Name: "System" } };
}
