using System.Reflection;

namespace Heddle.Tests;

/// <summary>Each rule of the design and each defect that others had is named by a test.</summary>
public class CoverageTests
{
    [Fact]
    public void Every_rule_of_the_design_is_named_by_a_test()
        => Assert.Empty(Enumerable.Range(1, 20).Select(n => $"{n}").Except(Named("rule")));

    [Fact]
    public void Every_pitfall_of_what_exists_is_named_by_a_test()
        => Assert.Empty(Enumerable.Range(1, 19).Append(21).Concat(Enumerable.Range(25, 8)).Select(n => $"{n}").Except(Named("pitfall")));

    private static IEnumerable<string> Named(string kind) =>
        from type in typeof(CoverageTests).Assembly.GetTypes()
        from method in type.GetMethods()
        from trait in method.GetCustomAttributes<TraitAttribute>()
        where trait.Name == kind
        select trait.Value;
}
