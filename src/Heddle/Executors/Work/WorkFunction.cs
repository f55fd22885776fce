using Heddle.LowLevel;

namespace Heddle;

/// <summary>A function whose arguments stand in one value: a tuple of them, where there are several.</summary>
/// <param name="function">A delegate of the type that the next one expects.</param>
/// <param name="invoke">Calls it.</param>
/// <param name="arguments">What it takes.</param>
/// <param name="takesToken">Whether it takes a token.</param>
internal sealed class WorkFunction<TArguments, TResult>(
    Delegate function, Func<Delegate, TArguments, CancellationToken, TResult> invoke, Arguments<TArguments> arguments, bool takesToken)
{
    internal Delegate Function { get; } = Checked(function);

    internal Arguments<TArguments> Arguments { get; } = arguments;

    internal bool TakesToken { get; } = takesToken;

    internal WorkCall<TArguments, TResult> With(TArguments values) => new(this, values);

    internal TResult Invoke(TArguments values, CancellationToken token) => invoke(Function, values, token);

    private static Delegate Checked(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        AsyncResult<TResult>.ThrowIfSo(function);
        return function;
    }
}

/// <summary>One call of a function.</summary>
internal sealed class WorkCall<TArguments, TResult>(WorkFunction<TArguments, TResult> function, TArguments arguments) : WorkItem<TResult>
{
    public override Delegate Function => function.Function;

    public override bool TakesToken => function.TakesToken;

    public override TResult Invoke(CancellationToken cancellationToken = default) => function.Invoke(arguments, cancellationToken);

    public override void WriteArguments(IWorkWriter writer)
    {
        writer.Write((byte)WorkMode.Call);
        function.Arguments.Write(writer, arguments);
    }

    public override WorkItem ReadArguments(IWorkReader reader) => (WorkMode)reader.Read<byte>() switch
    {
        WorkMode.Call => function.With(function.Arguments.Read(reader)),
        WorkMode.Chunk when function.Arguments.AreOne => new WorkChunk<TArguments, TResult>(function, reader),
        _ => throw new InvalidDataException($"{this} was to be called in a way that there is not. Both sides must run the same version of Heddle."),
    };

    public override void InvokeTo(IWorkWriter writer, CancellationToken cancellationToken) => writer.Write(Invoke(cancellationToken));

    public override TResult ReadResult(IWorkReader reader) => reader.Read<TResult>();
}

/// <summary>How many times a request calls its function.</summary>
internal enum WorkMode : byte
{
    /// <summary>Once.</summary>
    Call,

    /// <summary>For each of several arguments.</summary>
    Chunk,
}

/// <summary>How the arguments of a function, which stand in one value, are given away one by one.</summary>
internal abstract class Arguments<TArguments>
{
    /// <summary>Whether there is one, so that a chunk is several of them.</summary>
    internal virtual bool AreOne => false;

    internal abstract void Write(IWorkWriter writer, TArguments values);

    internal abstract TArguments Read(IWorkReader reader);
}

internal sealed class NoArguments : Arguments<Nothing>
{
    internal static readonly NoArguments Instance = new();

    internal override void Write(IWorkWriter writer, Nothing values)
    {
    }

    internal override Nothing Read(IWorkReader reader) => default;
}

internal sealed class OneArgument<T> : Arguments<T>
{
    internal static readonly OneArgument<T> Instance = new();

    internal override bool AreOne => true;

    internal override void Write(IWorkWriter writer, T values) => writer.Write(values);

    internal override T Read(IWorkReader reader) => reader.Read<T>();
}

internal sealed class TwoArguments<T1, T2> : Arguments<(T1, T2)>
{
    internal static readonly TwoArguments<T1, T2> Instance = new();

    internal override void Write(IWorkWriter writer, (T1, T2) values)
    {
        writer.Write(values.Item1);
        writer.Write(values.Item2);
    }

    internal override (T1, T2) Read(IWorkReader reader) => (reader.Read<T1>(), reader.Read<T2>());
}

internal sealed class ThreeArguments<T1, T2, T3> : Arguments<(T1, T2, T3)>
{
    internal static readonly ThreeArguments<T1, T2, T3> Instance = new();

    internal override void Write(IWorkWriter writer, (T1, T2, T3) values)
    {
        writer.Write(values.Item1);
        writer.Write(values.Item2);
        writer.Write(values.Item3);
    }

    internal override (T1, T2, T3) Read(IWorkReader reader) => (reader.Read<T1>(), reader.Read<T2>(), reader.Read<T3>());
}

/// <summary>Whether a function that returns this type would return before its work is done.</summary>
internal static class AsyncResult<TResult>
{
    private static readonly bool s_isSo = IsSo(typeof(TResult));

    internal static void ThrowIfSo(Delegate function)
    {
        if (s_isSo)
        {
            throw new NotSupportedException(
                $"{FunctionNames.Of(function)} returns a {typeof(TResult).Name.Split('`')[0]}, that is before its work is done, so the executor would hand back "
                + "a promise in place of a result. Executors run functions that block or compute. Await what is asynchronous on the loop, "
                + "or, if it must run elsewhere, pass a function that waits for it.");
        }
    }

    private static bool IsSo(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return typeof(Task).IsAssignableFrom(type)
            || definition == typeof(ValueTask) || definition == typeof(ValueTask<>)
            || definition == typeof(Coroutine) || definition == typeof(Coroutine<>)
            || definition == typeof(IAsyncEnumerable<>);
    }
}
