namespace Heddle.Analyzers;

/// <summary>What a coroutine does instead of a blocking call; the fix reads it from the diagnostic.</summary>
public enum BlockingTwin
{
    /// <summary>There is none in general.</summary>
    None,

    /// <summary><c>await Coroutine.Delay(…)</c>.</summary>
    Delay,

    /// <summary>To await what is waited for.</summary>
    AwaitReceiver,

    /// <summary>To await what is given.</summary>
    AwaitArgument,

    /// <summary><c>await Task.WhenAll(…)</c>.</summary>
    WhenAll,

    /// <summary>The method with <c>Async</c> behind its name.</summary>
    AsyncMethod,

    /// <summary>The call itself, on a thread, by <c>Coroutine.ToThread</c>.</summary>
    PoolThread,
}
