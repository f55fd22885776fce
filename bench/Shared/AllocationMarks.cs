using System.Runtime.InteropServices;

namespace Heddle.Benchmarks.Shared;

/// <summary>Prints how many bytes this process has allocated, at each SIGUSR1: the load sends one at both ends of what it measures.</summary>
static class AllocationMarks
{
    const PosixSignal UserSignal1 = (PosixSignal)10;

    static PosixSignalRegistration? s_registration;

    public static void Start()
    {
        // Compiled now, and not within what is measured.
        _ = GC.GetTotalAllocatedBytes(precise: true);
        s_registration = PosixSignalRegistration.Create(UserSignal1, context =>
        {
            context.Cancel = true;
            Console.WriteLine(GC.GetTotalAllocatedBytes(precise: true));
        });
    }
}
