using ObjectGenerator = Heddle.Generator<object?, object?, object?>;
using static Heddle.Tests.Generators.Twins.DelegatingTwinBodies;
using static Heddle.Tests.Generators.Twins.TwinBodies;

namespace Heddle.Tests.Generators.Twins;

/// <summary>PEP 342 and PEP 380, case by case: the same generator and the same calls in C# and in CPython do the same.</summary>
public sealed class TwinTests
{
    private static readonly (string Name, string Script, TwinBody[] Slots)[] s_cases =
    [
        ("it yields, and returns at the end", "next; next; next; next", [Three]),
        ("its end comes once with the result", "next; next; send 1; send 2; next", [Three]),
        ("it may end without a yield", "next; next", [Empty]),
        ("it may end without a yield when sent nothing", "send None", [Empty]),
        ("what is sent comes out of the yield", "next; send Hello; send 0; next; close; next", [Echo]),
        ("sending nothing is next", "send None; send None; send 1; send None", [Echo]),
        ("sending before the start", "send 1; next; send 2", [Echo]),
        ("sending after the end", "next; next; next; send 1; send None", [Three]),
        ("sending after a close", "next; close; send 1", [Echo]),
        ("a result made of what was sent", "next; send 4; send 8; send None; next", [Mean]),
        ("a failure of the body's own arithmetic", "next; close; next", [Mean]),
        ("throwing before the start", "throw A; next", [Three]),
        ("throwing before the start leaves the body unrun", "throw exit; next; close", [Finally]),
        ("throwing an end before the start", "throw stop; next", [Three]),
        ("throwing after the end", "next; next; next; throw A; throw exit; throw stop; next", [Three]),
        ("throwing after a close", "close; throw B; next", [Three]),
        ("throwing what the body does not catch", "next; throw A; next", [Three]),
        ("throwing an end that the body does not catch", "next; throw stop; next", [Three]),
        ("throwing an exit that the body does not catch", "next; throw exit; next", [Three]),
        ("throwing what the body catches and goes on", "next; throw A; send 1; throw A; throw B; next", [Retries]),
        ("throwing what the body catches and ends", "next; throw A; next", [Swallows]),
        ("throwing an exit that the body swallows", "next; throw exit; next", [Swallows]),
        ("throwing what the body replaces", "next; throw A; throw A", [Replaces]),
        ("throwing past a finally", "next; throw A; next", [Finally]),
        ("throwing an exit that is answered by a yield", "next; throw exit; next; next", [IgnoresOnce]),
        ("closing before the start", "close; close; next", [Finally]),
        ("closing at a yield", "next; next; close; close; next", [Finally]),
        ("closing after the end", "next; next; next; close; close", [Three]),
        ("closing one that swallows it", "next; close; next", [Swallows]),
        ("closing one that ignores it", "next; close; next; close; next", [IgnoresOnce]),
        ("closing one that has gone past its try", "next; throw exit; next; close; next", [IgnoresOnce]),
        ("closing one that yields in finally", "next; close; send 5; close; next", [YieldsInFinally]),
        ("closing one twice that yields in finally", "next; close; close; next", [YieldsInFinally]),
        ("going on from a yield in finally after an error", "next; throw A; send 5; next", [YieldsInFinally]),
        ("going on from a yield in finally at the end", "next; next; send 5; next", [YieldsInFinally]),
        ("throwing at a yield in finally", "next; throw A; throw B; next", [YieldsInFinally]),
        ("closing one that replaces the exit", "next; close; close; next", [Replaces]),
        ("a failure of the body", "next; next; next", [Fails]),
        ("an end that leaves the body", "next; next; next", [RaisesStop]),
        ("an exit that leaves the body by itself", "next; next; next", [RaisesExit]),
        ("calling itself", "next; next; next; next; next", [CallsItself]),
        ("delegating to itself", "next; next; next", [OfItself]),
        ("a result through three levels", "next; next; next; next; next", [ThreeLevels(Three)]),
        ("sending through three levels", "next; send a; send b; next", [ThreeLevels(Echo)]),
        ("sending before the start through three levels", "send 1; next; send 2", [ThreeLevels(Echo)]),
        ("a result of what was sent through three levels", "next; send 4; send 8; send None; send 1; next", [ThreeLevels(Mean)]),
        ("throwing through three levels", "next; throw A; next", [ThreeLevels(Finally)]),
        ("throwing through three levels what the innermost catches", "next; throw A; send 1; throw B; next", [ThreeLevels(Retries)]),
        ("throwing through three levels what the innermost swallows", "next; throw A; next; next", [ThreeLevels(Swallows)]),
        ("throwing through three levels what the innermost replaces", "next; throw A; next", [ThreeLevels(Replaces)]),
        ("an error of the innermost through three levels", "next; next; next", [ThreeLevels(Fails)]),
        ("an end out of the innermost through three levels", "next; next; next", [ThreeLevels(RaisesStop)]),
        ("closing three levels from the inside", "next; close; next", [ThreeLevels(Finally)]),
        ("closing three levels whose innermost swallows it", "next; close; next", [ThreeLevels(Swallows)]),
        ("closing three levels whose innermost ignores it", "next; close; next", [ThreeLevels(IgnoresOnce)]),
        ("closing three levels whose innermost yields in finally", "next; close; next", [ThreeLevels(YieldsInFinally)]),
        ("closing three levels whose innermost replaces the exit", "next; close; next", [ThreeLevels(Replaces)]),
        ("throwing an exit into three levels", "next; throw exit; next", [ThreeLevels(Finally)]),
        ("throwing an exit into three levels whose innermost ignores it", "next; throw exit; next", [ThreeLevels(IgnoresOnce)]),
        ("throwing an exit into three levels whose innermost swallows it", "next; throw exit; next", [ThreeLevels(Swallows)]),
        ("delegating to one that ends at once", "next; next; next", [ThreeLevels(Empty)]),
        ("catching the error of the inner one", "next; next; next; next; next", [Catching(Fails)]),
        ("catching what was thrown into the inner one", "next; throw B; next; next", [Catching(Three)]),
        ("catching what the inner one replaced", "next; throw A; next; next", [Catching(Replaces)]),
        ("ignoring a close behind a delegation", "next; close; next; close", [Catching(Three)]),
        ("catching that the inner one ignored the close", "next; close; next; next", [Catching(IgnoresOnce)]),
        ("throwing an exit that the outer one answers", "next; throw exit; next; next", [Catching(Three)]),
        ("delegating to a list", "next; next; next; next; next", [OfAList]),
        ("sending to a list", "next; send 1; next", [OfAList]),
        ("sending nothing to a list", "next; send None; send 1; next", [OfAList]),
        ("throwing into a list", "next; throw A; next", [OfAList]),
        ("closing at a list", "next; close; next", [OfAList]),
        ("delegating to a started one, and to an ended one", "next; send a; send b", [OfAStarted]),
        ("a shared one stepped from beside", "next; next 1; next; next; next", [OfAShared, Three]),
        ("a shared one sent to from beside", "next; send x 1; send y; send z 1; close 1; next; next", [OfAShared, Echo]),
        ("a shared one closed from beside", "next; close 1; next; next", [OfAShared, Finally]),
        ("a shared one thrown into from beside", "next; throw A 1; send 1; next", [OfAShared, Finally]),
        ("throwing to where a shared one was closed", "next; close 1; throw A; next", [OfAShared, Three]),
        ("closing both ends of a shared one", "next; close; next 1; close 1", [OfAShared, Finally]),
    ];

    private static readonly Lazy<Task<string[][]>> s_expected = new(() => PythonTwin.RunAsync(
        [.. s_cases.Select(c => new PythonProgram(Source(c.Slots), [.. c.Slots.Select((_, i) => $"f{i}")], Op.Parse(c.Script)))],
        CancellationToken.None));

    public static TheoryData<int, string> Cases => [.. s_cases.Select((c, i) => new TheoryDataRow<int, string>(i, c.Name))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_does_what_the_same_generator_does_in_python(int number, string name)
    {
        var (_, script, slots) = s_cases[number];
        var expected = (await s_expected.Value)[number];

        var transcript = new Transcript();
        transcript.Slots = [.. slots.Select(slot => new ObjectGenerator(co => slot.Body(co, transcript)))];
        transcript.Run(Op.Parse(script));

        Assert.True(
            expected.SequenceEqual(transcript.Lines),
            $"{name}: {script}\nCPython: {string.Join(" | ", expected)}\nHeddle:  {string.Join(" | ", transcript.Lines)}");
    }

    [Fact]
    public void There_are_enough_cases_and_each_has_a_name_of_its_own()
    {
        Assert.True(s_cases.Length >= 60, $"{s_cases.Length} cases");
        Assert.Equal(s_cases.Length, s_cases.Select(c => c.Name).Distinct().Count());
    }

    /// <summary>The function of slot i is fi, whatever it is called in its own text.</summary>
    private static string Source(TwinBody[] slots)
        => string.Join('\n', slots.Select((slot, i) => slot.Python.Replace("def f()", $"def f{i}()", StringComparison.Ordinal)));
}
