namespace Heddle.Orleans;

/// <summary>
/// Thrown to a call whose silo has died, or has given it up as it heard nothing of the caller, as often as
/// <see cref="OrleansExecutorOptions.MaxAttempts"/> allows.
/// </summary>
public class SiloDiedException : IOException
{
    internal SiloDiedException(string message)
        : base(message)
    {
    }

    internal static SiloDiedException ForDeath(string executor, string silo, int attempts) => new(attempts == 1
        ? $"Silo {silo} of '{executor}' died, or was lost, while it had this call. The function may have run or not, and MaxAttempts is 1, so it is "
            + "not run again: call again if that does no harm, or raise MaxAttempts."
        : $"{attempts} silos of '{executor}', at last {silo}, died, or were lost, while they had this call, so it is not sent to another. Likely the "
            + "function ends its process: it exits, overflows the stack, or takes all memory. Run it alone on a ProcessExecutor to see how.");

    internal static SiloDiedException ForGivenUp(string executor, string silo, int attempts) => new(
        $"Silo {silo} of '{executor}' has given up this call, at attempt {attempts} of {attempts}, as it heard nothing of this process for longer than its "
        + "CallerTimeout. The function may have run or not. Likely this process was suspended for so long, or the network between them was down: "
        + "call again if that does no harm, or raise MaxAttempts, or the silo's --caller-timeout.");
}
