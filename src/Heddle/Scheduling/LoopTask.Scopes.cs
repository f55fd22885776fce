using System.Runtime.CompilerServices;

namespace Heddle;

/// <content>The scopes that the task is in.</content>
public partial class LoopTask
{
    /// <summary>The scope that the code is in, which at first is that of the task's set.</summary>
    internal CancelScope Scope
    {
        get => _scope ?? Set.Scope;
        private set => _scope = ReferenceEquals(value, Set.Scope) ? null : value;
    }

    /// <summary>The same for who keeps or hands out the scope: never the one that it shares with the other tasks of its group.</summary>
    internal CancelScope ScopeOfSteps => _scope ?? OwnScope;

    /// <summary>The scope of this task alone; of a task that has ended and had none, the one that took over what it left behind.</summary>
    internal CancelScope OwnScope => IsCompleted ? Scope.StillInForce : EnsureOwnScope();

    /// <summary>The innermost scope that this task's code entered; null while it is in none.</summary>
    internal ScopeContext? EnteredScope => IsInEnteredScope ? _scope!.Context : null;

    /// <summary>What foreign code captures within the task's own steps: the context of the scope that the code entered, if any.</summary>
    internal SynchronizationContext ContextOfSteps
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _scope is { Context: { } context } && ReferenceEquals(_scope.Host, this) ? context : this;
    }

    /// <summary>Whether the innermost scope is one that this task's code entered.</summary>
    private bool IsInEnteredScope => _scope is { IsTaskScope: false } && ReferenceEquals(_scope.Host, this);

    /// <summary>Goes into a new scope below the current one.</summary>
    internal CancelScope EnterScope(bool isShield = false)
    {
        var scope = new CancelScope(Loop, Scope, isShield) { Host = this };
        Scope = scope;
        scope.Context = new ScopeContext(this, scope);
        SetSynchronizationContext(scope.Context);
        return scope;
    }

    /// <summary>Leaves the scope, which must be the innermost.</summary>
    internal void ExitScope(CancelScope scope)
    {
        Scope = scope.Parent!;
        SetSynchronizationContext(ContextOfSteps);
        scope.Exit();
        if (Scope.CanceledBy is null)
        {
            Refusals = 0;
        }
    }

    /// <summary>Has all that its code is in lie below a scope of its own.</summary>
    internal void NeedOwnScope()
    {
        if (!HasOwnScope)
        {
            EnsureOwnScope();
        }
    }

    /// <summary>The scope of this task alone, made when it is first needed: most tasks are never cancelled one by one.</summary>
    private CancelScope EnsureOwnScope()
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
        HasOwnScope = true;
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
        if (_scope is { IsTaskScope: true } && ReferenceEquals(_scope.Host, this))
        {
            _scope.Exit();
        }
    }
}
