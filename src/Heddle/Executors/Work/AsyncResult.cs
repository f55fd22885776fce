namespace Heddle;

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
