namespace Heddle.Orleans;

/// <summary>Thrown to a call whose silo has died, as often as <see cref="OrleansExecutorOptions.MaxAttempts"/> allows.</summary>
public class SiloDiedException : IOException
{
    internal SiloDiedException(string message)
        : base(message)
    {
    }

    internal static SiloDiedException For(string executor, string silo, int attempts) => new(attempts == 1
        ? $"Silo {silo} of '{executor}' died, or was lost, while it had this call. The function may have run or not, and MaxAttempts is 1, so it is "
            + "not run again: call again if that does no harm, or raise MaxAttempts."
        : $"{attempts} silos of '{executor}', at last {silo}, died, or were lost, while they had this call, so it is not sent to another. Likely the "
            + "function ends its process: it exits, overflows the stack, or takes all memory. Run it alone on a ProcessExecutor to see how.");
}
