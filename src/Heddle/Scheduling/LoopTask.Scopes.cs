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

    /// <summary>For the code of the task: never the scope that it shares with the other tasks of its group.</summary>
    internal CancelScope CurrentScope => Loop.Posted switch
    {
        ScopeContext context => context.Scope,
        null when _scope is not null => _scope,
        _ => IsCompleted ? Scope.StillInForce : EnsureOwnScope(),
    };

    /// <summary>The innermost scope that this task's code entered; null while it is in none.</summary>
    internal ScopeContext? EnteredScope => IsInEnteredScope ? _scope!.Context : null;

    /// <summary>What foreign code captures now.</summary>
    private SynchronizationContext Context => Loop.Posted ?? ContextOfSteps;

    /// <summary>What it captures within the task's own steps: the context of the scope that the code entered, if any.</summary>
    private SynchronizationContext ContextOfSteps
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
        if (_scope is { IsTaskScope: true } && ReferenceEquals(_scope.Host, this))
        {
            _scope.Exit();
        }
    }
}
