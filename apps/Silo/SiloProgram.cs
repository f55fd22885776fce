using Heddle.Orleans;

namespace Heddle.Silo;

/// <summary>The program: from arguments to an exit code.</summary>
internal static class SiloProgram
{
    internal static int Run(string[] args)
    {
        if (new CommandLine().Parse(args, out var exitCode) is not { } request)
        {
            return exitCode;
        }

        try
        {
            foreach (var path in request.Assemblies)
            {
                UserAssemblies.Load(path);
            }
        }
        catch (Exception failure)
        {
            SiloOutput.Complain($"cannot load --assembly: {failure.GetBaseException().Message}");
            return ExitCode.WrongInput;
        }

        try
        {
            return EventLoop.Run(ServeAsync(request.Options));
        }
        catch (LoopInterruptedException)
        {
            return ExitCode.Left;
        }
    }

    /// <summary>Until it is interrupted.</summary>
    private static async Coroutine<int> ServeAsync(WorkerSiloOptions options)
    {
        WorkerSilo silo;
        try
        {
            silo = await WorkerSilo.StartAsync(options, CancelScope.Current.Token).OrCanceled();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            SiloOutput.Complain(
                $"cannot join the cluster '{options.ClusterId}': {failure.GetBaseException().Message} Is the Redis server at '{WithoutPassword(options.Redis)}' up, "
                + $"and {options.Address} an address of this machine whose ports are free? --verbose says more.");
            return ExitCode.NotJoined;
        }

        SiloOutput.Say($"{silo.EndPoint} has joined '{options.ClusterId}' with {silo.Workers} workers");
        try
        {
            await Coroutine.Delay(Timeout.InfiniteTimeSpan);
            return ExitCode.Left;
        }
        finally
        {
            SiloOutput.Say("leaves");
            await CancelScope.ShieldAsync(async () => await silo.DisposeAsync().OrCanceled());
        }
    }

    /// <summary>A configuration string of StackExchange.Redis has options after commas.</summary>
    private static string WithoutPassword(string? redis) => string.Join(',', (redis ?? "").Split(',').Select(
        part => part.TrimStart().StartsWith("password", StringComparison.OrdinalIgnoreCase) ? "password=…" : part));
}
