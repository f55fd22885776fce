using Heddle.LowLevel;

namespace Heddle.Testing;

/// <summary>What the parent has of a simulated process.</summary>
internal sealed class ChildTransport(SimulatedProcess process, SimulatedPrograms programs) : ProcessTransport
{
    public override int Id => process.Id;

    public override StreamTransport? StandardInput => process.Pipes.Input;

    public override StreamTransport? StandardOutput => process.Pipes.Output;

    public override StreamTransport? StandardError => process.Pipes.Error;

    public override IoResult<ExitStatus> WaitForExit(IIoCompletion<ExitStatus> completion) => process.WaitForExit(completion);

    public override void SendSignal(int signal) => process.SendSignal(signal);

    public override async Coroutine StopAsync(TimeSpan grace)
    {
        if (process.HasEnded)
        {
            return;
        }

        SignalAll(SimulatedProcess.Terminate);
        if (grace != TimeSpan.Zero)
        {
            await CancelScope.MoveOnAfterAsync(grace, _ => EndOfAllAsync());
        }

        // With what they have started meanwhile.
        SignalAll(SimulatedProcess.KillNumber);
        await EndOfAllAsync();
    }

    public override void Dispose()
    {
    }

    private void SignalAll(int signal)
    {
        foreach (var one in programs.TreeOf(process))
        {
            one.SendSignal(signal);
        }
    }

    private async Coroutine EndOfAllAsync()
    {
        while (programs.TreeOf(process).FirstOrDefault(static one => !one.HasEnded) is { } running)
        {
            await running.EndAsync();
        }
    }
}
