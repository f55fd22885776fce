using Heddle.Testing;

namespace Heddle.Tests.Simulations;

/// <summary>A recording outlives edits that have nothing to do with what it shows.</summary>
public class EditedProgramTests
{
    private static readonly Lazy<(string Bug, string Recording)[]> s_recordings = new(static () =>
    [
        .. from bug in ClassicBugs.All.Keys
           from seed in Enumerable.Range(1, 9)
           select (bug, Assert.Throws<SimulationFailedException>(() => Simulation.Explore(
               world => ClassicBugs.All[bug](world, false), new() { Deviations = 0, FirstSeed = (ulong)(seed * 1001) })).Recording),
    ]);

    /// <summary>What is added, before the tasks are started and at the beginning of most.</summary>
    private static readonly Dictionary<string, Func<SimulationWorld, List<string>, Coroutine>> s_edits = new()
    {
        ["an await"] = static async (_, _) => await Coroutine.Yield(),
        ["a line of a log"] = static (_, log) =>
        {
            log.Add("began");
            return Coroutine.Completed;
        },
        ["a random draw"] = static (world, _) =>
        {
            world.Random.Next();
            return Coroutine.Completed;
        },

        // It has the others go first, so that there is less to wait for.
        ["a delay"] = static async (_, _) => await Coroutine.Delay(TimeSpan.FromMilliseconds(1)),
    };

    [Theory]
    [InlineData("an await", 90)]
    [InlineData("a line of a log", 90)]
    [InlineData("a random draw", 90)]
    [InlineData("a delay", 50)]
    public void Nine_of_ten_recordings_fail_after_the_edit_and_the_others_say_what_does_not_fit(string edit, int least)
    {
        var (failed, said, silent) = (0, 0, new List<string>());
        foreach (var (bug, recording) in s_recordings.Value)
        {
            try
            {
                Simulation.Replay(recording, async world =>
                {
                    var log = new List<string>();
                    ClassicBugs.Edit = () => s_edits[edit](world, log);
                    await ClassicBugs.All[bug](world, false);
                });
                silent.Add($"{bug}: {recording}");
            }
            catch (SimulationFailedException failure) when (failure.Message.StartsWith("The recording does not fit", StringComparison.Ordinal))
            {
                said++;
            }
            catch (SimulationFailedException)
            {
                failed++;
            }
            finally
            {
                ClassicBugs.Edit = null;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{edit}: {failed} failed, {said} said what does not fit, {silent.Count} did neither");
        Assert.InRange(failed, least, 108);
        Assert.Empty(silent);
    }
}
