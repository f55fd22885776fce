using Heddle;

/// <summary>What the runtime calls before Main in a process that was started with this assembly in DOTNET_STARTUP_HOOKS: a worker.</summary>
/// <remarks>The runtime looks for this name, outside of any namespace.</remarks>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (WorkerInvitation.Take() is { } invitation)
        {
            WorkerHost.Run(invitation);
        }
    }
}
