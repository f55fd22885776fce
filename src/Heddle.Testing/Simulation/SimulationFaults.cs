namespace Heddle.Testing;

/// <summary>What may befall a simulated program: see <see cref="SimulationWorld.Faults"/>.</summary>
[Flags]
public enum SimulationFaults
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A read of a stream gets fewer bytes than are there, though at least one.</summary>
    ShortRead = 1 << 0,

    /// <summary>A write to a stream takes fewer bytes than there is room for, though at least one, so that it goes out in pieces.</summary>
    ShortWrite = 1 << 1,

    /// <summary>A connection is reset, on both sides, while one of them sends.</summary>
    Reset = 1 << 2,

    /// <summary>A connection is refused though somebody listens.</summary>
    Refuse = 1 << 3,

    /// <summary>A connection is never answered: after 130 seconds it has timed out.</summary>
    Hang = 1 << 4,

    /// <summary>A datagram is lost.</summary>
    Loss = 1 << 5,

    /// <summary>A datagram arrives twice.</summary>
    Duplicate = 1 << 6,

    /// <summary>A datagram takes a second longer, so that later ones overtake it.</summary>
    Reorder = 1 << 7,

    /// <summary>
    /// Two hosts do not reach each other for a while, in one direction or in both: streams arrive when that is over, datagrams never. It begins when one of the
    /// two sends something, and heals after 10 ms to 10 s.
    /// </summary>
    Partition = 1 << 8,

    /// <summary>A host that has a main coroutine crashes, after a step of one of its tasks, and is up again after 10 ms to 10 s: see <see cref="SimulatedHost.Crash"/>.</summary>
    Crash = 1 << 9,

    /// <summary>A task is cancelled after a step of its own. The main one is not.</summary>
    Cancel = 1 << 10,

    /// <summary>
    /// The date and the time of day jump, by a second, a minute, an hour or a day, forward or back, after a step of a task: what
    /// <see cref="TimeProvider.GetUtcNow"/> says. Timers and <see cref="EventLoop.Now"/> go on as they did.
    /// </summary>
    ClockJump = 1 << 11,

    /// <summary>A child process ends with the exit code 1, after a step of its own (<see cref="SimulationWorld.AddProgram"/>): what it has written by then can be read.</summary>
    ChildExit = 1 << 12,

    /// <summary>A child process is killed (SIGKILL), after a step of its own.</summary>
    ChildSignal = 1 << 13,

    /// <summary>A child process is stuck after a step of its own: it does nothing more, and of the signals heeds only one that it cannot catch, such as SIGKILL.</summary>
    ChildStuck = 1 << 14,

    /// <summary>
    /// A pipe of a child process is closed when something is sent over it. Who reads comes to its end. Of the process's input, the one who writes is told; what the
    /// process itself writes goes nowhere.
    /// </summary>
    ChildPipe = 1 << 15,

    /// <summary>A worker of an executor (<see cref="SimulationWorld.AddExecutor"/>) dies, before it has done a call or right after it: the call fails with an <see cref="IOException"/>.</summary>
    WorkerDeath = 1 << 16,

    /// <summary>A worker or a thread comes to a call only after 10 seconds, a minute or ten.</summary>
    WorkerLate = 1 << 17,

    /// <summary>A worker or a thread never answers, and does nothing.</summary>
    WorkerSilence = 1 << 18,

    /// <summary>The date and the time of day of a host run fast or slow, by 200 or 10,000 parts per million, from when a task of the host first asks for them.</summary>
    ClockDrift = 1 << 19,

    /// <summary>What was written to a file since its last flush is lost at a crash (<see cref="SimulatedDisk"/>).</summary>
    DiskLoss = 1 << 20,

    /// <summary>Of the last write to a file that was not flushed only the first half is there after a crash.</summary>
    DiskTorn = 1 << 21,

    /// <summary>A write to a disk fails: there is no space left.</summary>
    DiskFull = 1 << 22,

    /// <summary>Those of the network.</summary>
    Network = ShortRead | ShortWrite | Reset | Refuse | Hang | Loss | Duplicate | Reorder | Partition,

    /// <summary>Those of child processes.</summary>
    Children = ChildExit | ChildSignal | ChildStuck | ChildPipe,

    /// <summary>Those of workers and threads.</summary>
    Workers = WorkerDeath | WorkerLate | WorkerSilence,

    /// <summary>Those of disks. Loss and torn writes come with a <see cref="Crash"/>, which is not among them.</summary>
    Disk = DiskLoss | DiskTorn | DiskFull,

    /// <summary>All.</summary>
    All = Network | Crash | Cancel | ClockJump | ClockDrift | Children | Workers | Disk,
}
