namespace Heddle;

/// <summary>A strand of code and the scope that it is in: a task's own steps, or foreign code that it called and that goes on between them.</summary>
/// <remarks>
/// One is current while code of a task runs, and the loop notes it itself (<see cref="PerThread"/>); it is never read out of
/// <see cref="SynchronizationContext.Current"/>, which foreign code replaces as it likes. It is what foreign code captures, and whom every
/// check asks. Only a task's own frames may ask <see cref="LoopTask.Scope"/> instead, as nobody else steps them.
/// It costs no object: the first flow of a task is captured as the task itself, one that began in a scope which the task had entered as
/// that scope's <see cref="ScopeContext"/>.
/// </remarks>
internal readonly struct Flow
{
    private readonly SynchronizationContext? _posted;

    private Flow(LoopTask task)
    {
        Task = task;
        _posted = task.Loop.OwnThread.Posted;
    }

    /// <summary>That of the code that runs on this thread. A generator's body runs in that of who steps it.</summary>
    /// <exception cref="InvalidOperationException">No task runs on this thread.</exception>
    internal static Flow Current => new(LoopTask.Current ?? LoopTask.CurrentOrThrow());

    /// <summary>The task whose code it is. Of a coroutine that foreign code awaits, the one that runs it for that: see <see cref="LoopTask.Started"/>.</summary>
    internal LoopTask Task { get; }

    /// <summary>
    /// Whether it is foreign code that was posted and so runs between the task's steps. What foreign code does before it has waited once
    /// is part of the step that called it, and nothing tells the two apart.
    /// </summary>
    internal bool IsPosted => _posted is not null;

    /// <summary>The innermost scope that it is in: never one that its task shares with the other tasks of its group, as long as the task lives.</summary>
    internal CancelScope Scope => _posted switch
    {
        ScopeContext context => context.Scope,
        null => Task.ScopeOfSteps,
        _ => Task.OwnScope,
    };

    /// <summary>What foreign code that it calls captures.</summary>
    internal SynchronizationContext Context => _posted ?? Task.ContextOfSteps;

    internal bool IsCanceled => (IsPosted ? Scope : Task.Scope).IsCanceled;

    /// <summary>A scope below its own for what only holds tasks or hands out a token; no code goes into it.</summary>
    /// <param name="host">The implicit task whose own scope it is to be, if any.</param>
    internal CancelScope OpenScope(LoopTask? host = null)
    {
        if (!IsPosted)
        {
            // Else what is below an entered scope would be left to the whole group when that is exited.
            Task.NeedOwnScope();
        }

        return new CancelScope(Task.Loop, Scope) { Host = host, IsTaskScope = host is not null };
    }

    /// <summary>Until it is disposed of, what runs on the thread is foreign code of the task that was posted to the context.</summary>
    internal static Stretch Enter(LoopTask task, SynchronizationContext context) => new(task, context);

    /// <summary>What ran before, to be put back.</summary>
    internal readonly ref struct Stretch
    {
        private readonly PerThread _thread;
        private readonly LowLevel.Runner? _runner;
        private readonly SynchronizationContext? _posted;
        private readonly SynchronizationContext? _current;

        internal Stretch(LoopTask task, SynchronizationContext context)
        {
            _thread = task.Loop.OwnThread;
            _runner = _thread.Runner;
            _posted = _thread.Posted;
            _current = SynchronizationContext.Current;
            _thread.Runner = task;
            _thread.Posted = context;
            SynchronizationContext.SetSynchronizationContext(context);
        }

        public void Dispose()
        {
            _thread.Runner = _runner;
            _thread.Posted = _posted;
            SynchronizationContext.SetSynchronizationContext(_current);
        }
    }
}
