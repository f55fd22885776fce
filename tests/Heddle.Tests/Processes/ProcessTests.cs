using System.Diagnostics;
using System.Globalization;
using Heddle.LowLevel;
using Heddle.Testing;
using Heddle.TestSupport;

namespace Heddle.Tests.Processes;

/// <summary>
/// The ground of tests that hold for every process starter: an abstract class has the tests, and one nested class for each starter and
/// poller runs them.
/// </summary>
public abstract class ProcessTests(IProcessStarter starter, Func<EventLoop, INetworkPoller> network)
{
    protected bool IsNative => starter == ProcessStarters.Native;

    /// <summary>What the last run has reported.</summary>
    protected List<LoopReport> Reports { get; } = [];

    /// <summary>A pipe at both ends.</summary>
    protected static SubprocessOptions Piped { get; } = new() { StandardInput = SubprocessInput.Pipe, StandardOutput = SubprocessOutput.Pipe };

    /// <summary>The clock stands still while a child works, so that no timeout fires because the machine is busy.</summary>
    protected void Run(Func<Coroutine> body) => Run(body, TimeSpan.FromSeconds(60));

    /// <summary>The clock jumps to the next timeout as soon as nothing has come from any child for a little, which is real time: children know no other.</summary>
    /// <param name="body">What to run.</param>
    /// <param name="grace">Long where a busy machine's silence must not be taken for that of a child that has something to say.</param>
    protected void RunIntoTimeouts(Func<Coroutine> body, TimeSpan? grace = null) => Run(body, grace ?? TimeSpan.FromMilliseconds(150));

    /// <param name="body">What to run.</param>
    /// <param name="idleGrace">See <see cref="VirtualTimeOptions.IdleGrace"/>.</param>
    /// <param name="queue">The order in which tasks run.</param>
    protected void Run(Func<Coroutine> body, TimeSpan idleGrace, Func<IReadyQueue>? queue = null)
    {
        Peer.Require("sh");
        Assert.SkipWhen(network == Pollers.Epoll && !OperatingSystem.IsLinux(), "epoll is Linux's.");
        Reports.Clear();
        VirtualTime.Run(
            async () =>
            {
                await body();
                Assert.Equal(["main"], EventLoop.Current.Tasks.Select(task => task.Name));
                Assert.Equal(0, EventLoop.Current.ForeignWaits);
                Assert.Equal(0, EventLoop.Current.Network.PendingOperations);
            },
            new() { Network = network, ProcessStarter = starter, IdleGrace = idleGrace, ReadyQueue = queue, OnReport = Reports.Add });
        Assert.Empty(Reports);
    }

    /// <summary>A script of the shell, whose output is read.</summary>
    protected static Subprocess Script(string script) => Subprocess.Start("sh", ["-c", script], Piped);

    /// <summary>Whether the system knows nothing of it any more, not even as a zombie.</summary>
    protected static void AssertForgotten(int id) => Assert.False(Directory.Exists($"/proc/{id}"), $"Process {id} is still there.");

    /// <summary>A number that the process has written in a line of its own.</summary>
    protected static async Coroutine<int> ReadNumberAsync(Subprocess process)
        => int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);

    /// <summary>Until a process that is not this program's child has ended, which nobody tells.</summary>
    protected static void WaitUntilGone(int id)
    {
        for (var i = 0; ProcessTable.IsRunning(id); i++)
        {
            Assert.True(i < 500, $"Process {id} goes on.");

            // Real: it was killed, and the system has still to do it.
            Thread.Sleep(10);
        }
    }

    /// <summary>A directory that is there while the test runs.</summary>
    protected sealed class TemporaryDirectory : IDisposable
    {
        internal string Path { get; } = Directory.CreateTempSubdirectory("heddle").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);

        internal string File(string name, string? content = null)
        {
            var path = System.IO.Path.Combine(Path, name);
            if (content is not null)
            {
                System.IO.File.WriteAllText(path, content);
            }

            return path;
        }

        /// <summary>An executable file.</summary>
        internal string Program(string name, string content)
        {
            var text = File($"{name}.text", content);
            var path = File(name);
            if (OperatingSystem.IsWindows())
            {
                System.IO.File.Move(text, path);
                return path;
            }

            System.IO.File.SetUnixFileMode(text, (UnixFileMode)0b111_101_101);

            // By another process: what this one writes, a child that a test beside is just starting may hold open for writing, and the
            // system executes no such file.
            using var copy = Process.Start("cp", [text, path]);
            copy.WaitForExit();
            Assert.Equal(0, copy.ExitCode);
            return path;
        }
    }
}
