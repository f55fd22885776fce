using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Structure;

/// <summary>A program with every kind of wait, cancelled before its first step, before its second, and so on to its last.</summary>
public class CancelAtEveryStepTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("rule", "7")]
    [Trait("rule", "13")]
    [Trait("pitfall", "1")]
    public void Wherever_the_cancellation_strikes_everything_ends_and_cleans_up_once(bool cancelsTask)
    {
        var (whole, steps) = RunAndCancelAt(int.MaxValue, cancelsTask);
        Assert.Equal("ran to its end", whole.End);
        Assert.InRange(steps, 100, 1000);
        var cancelled = 0;
        for (var step = 1; step <= steps; step++)
        {
            var (journal, _) = RunAndCancelAt(step, cancelsTask);
            Assert.True(journal.End is "cancelled" or "ran to its end", $"cancelled at step {step}: {journal.End}");
            Assert.True(journal.Entered == journal.Left, $"cancelled at step {step}: {journal.Entered} entered, {journal.Left} left");
            Assert.True(journal.Begun == journal.Kept, $"cancelled at step {step}: a shielded part was cut short");
            Assert.True(journal.Opened == journal.Closed, $"cancelled at step {step}: {journal.Opened} opened, {journal.Closed} closed");
            Assert.True(journal.Reports.Count == 0, $"cancelled at step {step}: {string.Join("; ", journal.Reports)}");
            Assert.True(journal.Took < Hour, $"cancelled at step {step}: it took {journal.Took}");
            cancelled += journal.End == "cancelled" ? 1 : 0;
        }

        Assert.InRange(cancelled, steps * 9 / 10, steps);
    }

    private static (ProgramJournal Journal, int Steps) RunAndCancelAt(int step, bool cancelsTask)
    {
        var journal = new ProgramJournal();
        var queue = new StrikingQueue(step);
        VirtualTime.Run(
            async () =>
            {
                LoopTask? task = null;
                var isDone = false;
                task = LoopTask.Start(
                    async () =>
                    {
                        var wasSwallowed = !await CancelScope.RunAsync(async scope =>
                        {
                            queue.Arm(() => Strike(cancelsTask ? task : null, scope));
                            await new EveryKindOfWait(journal).RunAsync();
                            isDone = true;
                        });
                        Assert.False(cancelsTask && wasSwallowed);
                    },
                    "program");
                await LoopTask.WhenAny(task);
                queue.Disarm();
                journal.Took = EventLoop.Current.Now;
                journal.End = task.IsFaulted ? $"{task.Exception}" : isDone ? "ran to its end" : "cancelled";
                Assert.True(task.IsFaulted || isDone || task.IsCanceled == cancelsTask);

                // What was abandoned, being foreign, still cleans up.
                await Coroutine.Delay(Second * 10);
                Assert.Equal(["main"], EventLoop.Current.Tasks.Select(left => left.Name));
            },
            new() { ReadyQueue = () => queue, OnReport = journal.Reports.Add, IdleGrace = TimeSpan.FromMilliseconds(1) });
        return (journal, queue.Steps);
    }

    private static void Strike(LoopTask? task, CancelScope scope)
    {
        if (task is not null)
        {
            task.Cancel("struck");
        }
        else
        {
            scope.Cancel("struck");
        }
    }
}
