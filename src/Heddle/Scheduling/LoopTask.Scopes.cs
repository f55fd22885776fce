namespace Heddle;

/// <content>The scopes that the task is in.</content>
public partial class LoopTask
{
    /// <summary>For the code of the task: never the scope that it shares with the other tasks of its group.</summary>
    internal CancelScope CurrentScope => Loop.Posted switch
    {
        ScopeContext context => context.Scope,
        null when !ReferenceEquals(Scope, Set.Scope) => Scope,
        _ => IsCompleted ? Scope.StillInForce : EnsureOwnScope(),
    };

    /// <summary>The innermost scope that this task's code entered; null while it is in none.</summary>
    internal ScopeContext? EnteredScope => _scopeContext;

    /// <summary>What foreign code captures now.</summary>
    private SynchronizationContext Context => Loop.Posted ?? _scopeContext ?? (SynchronizationContext)this;

    /// <summary>Whether the innermost scope is one that this task's code entered.</summary>
    private bool IsInEnteredScope => ReferenceEquals(Scope.Host, this) && !Scope.IsTaskScope;

    /// <summary>Goes into a new scope below the current one.</summary>
    internal CancelScope EnterScope(bool isShield = false)
    {
        var scope = new CancelScope(Loop, Scope, isShield) { Host = this };
        Scope = scope;
        scope.Context = _scopeContext = new ScopeContext(this, scope);
        SetSynchronizationContext(_scopeContext);
        return scope;
    }

    /// <summary>Leaves the scope, which must be the innermost.</summary>
    internal void ExitScope(CancelScope scope)
    {
        Scope = scope.Parent!;
        _scopeContext = IsInEnteredScope ? Scope.Context : null;
        SetSynchronizationContext(Context);
        scope.Exit();
        if (Scope.CanceledBy is null)
        {
            Refusals = 0;
        }
    }

    /// <summary>The scope of this task alone, made when it is first needed: most tasks are never cancelled one by one.</summary>
    internal CancelScope EnsureOwnScope()
    {
        CancelScope? outermost = null;
        for (var scope = Scope; !ReferenceEquals(scope, Set.Scope); scope = scope.Parent!)
        {
            if (scope.IsTaskScope && ReferenceEquals(scope.Host, this))
            {
                return scope;
            }

            outermost = scope;
        }

        var own = new CancelScope(Loop, Set.Scope) { Host = this, IsTaskScope = true };
        if (outermost is null)
        {
            Scope = own;
        }
        else
        {
            outermost.MoveBelow(own);
        }

        return own;
    }

    internal void ExitOwnScope()
    {
        if (Scope.IsTaskScope && ReferenceEquals(Scope.Host, this))
        {
            Scope.Exit();
        }
    }
}
