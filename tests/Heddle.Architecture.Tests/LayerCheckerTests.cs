namespace Heddle.Architecture.Tests;

/// <summary>The checker itself, on samples small enough to see that it can fail.</summary>
public sealed class LayerCheckerTests
{
    private static readonly Layers s_twoLayers = new(new Dictionary<string, string[]>
    {
        ["Low"] = [],
        ["High"] = ["Low"],
    });

    [Fact]
    public void An_arrow_down_is_allowed() =>
        Assert.Empty(Check(
            new("Low/A.cs", "class A { public int X; }"),
            new("High/B.cs", "class B { int F(A a) => a.X; }")));

    [Fact]
    public void An_arrow_up_is_reported_with_its_place()
    {
        var report = Assert.Single(Check(
            new("Low/A.cs", "class A\n{\n    B? b;\n}"),
            new("High/B.cs", "class B { }")));

        Assert.Equal("Low/A.cs:3 uses B of High, which Low may not use.", report);
    }

    [Fact]
    public void A_member_that_a_higher_layer_adds_to_a_partial_type_is_reported()
    {
        var report = Assert.Single(Check(
            new("Low/A.cs", "partial class A { public static void F() => G(); static void H() => F(); }"),
            new("High/A.cs", "partial class A { static void G() => H(); }")));

        Assert.StartsWith("Low/A.cs:1 uses G of High", report, StringComparison.Ordinal);
    }

    [Fact]
    public void An_extension_method_of_a_higher_layer_is_reported() =>
        Assert.Contains(
            Check(
                new("Low/A.cs", "class A { void F() => this.G(); }"),
                new("High/B.cs", "static class B { public static void G(this object o) { } }")),
            report => report.Contains("uses G of High", StringComparison.Ordinal));

    [Fact]
    public void A_generic_type_of_a_higher_layer_is_reported() =>
        Assert.NotEmpty(Check(
            new("Low/A.cs", "class A { object o = new B<int>(); }"),
            new("High/B.cs", "class B<T> { }")));

    [Fact]
    public void A_file_outside_every_layer_is_reported() =>
        Assert.Contains("stands in no layer", Assert.Single(Check(new Source("Other/A.cs", "class A { }"))));

    [Fact]
    public void A_name_that_does_not_bind_is_reported() =>
        Assert.NotEmpty(Check(new Source("Low/A.cs", "class A { Missing m; }")));

    private static IReadOnlyList<string> Check(params Source[] sources) => new LayerChecker(s_twoLayers).Check(sources);
}
