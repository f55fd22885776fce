using Xunit.Sdk;

namespace Heddle.Docs.Tests;

/// <summary>The harness itself, on samples that must fail.</summary>
public sealed class HarnessTests
{
    private const string ForgottenAwait = "var forgotten = Heddle.Coroutine.Delay(TimeSpan.Zero);";

    [Fact]
    public void A_sample_that_prints_what_the_document_says_passes() =>
        Verify("""
            ```csharp
            Console.WriteLine(6 * 7);
            ```

            prints

            ```text
            42
            ```
            """);

    [Fact]
    public void A_sample_that_prints_something_else_fails() =>
        Assert.Throws<EqualException>(() => Verify("""
            ```csharp
            Console.WriteLine(6 * 9);
            ```
            ```text
            42
            ```
            """));

    [Fact]
    public void A_sample_that_does_not_compile_fails() =>
        Assert.Contains("CS0103", Assert.ThrowsAny<XunitException>(() => Verify("""
            ```csharp
            Console.WriteLine(missing);
            ```
            """)).Message);

    [Fact]
    public void A_sample_that_compiles_with_a_warning_fails() =>
        Assert.Contains("CS0219", Assert.ThrowsAny<XunitException>(() => Verify("""
            ```csharp
            var unused = 1;
            ```
            """)).Message);

    [Fact]
    public void A_sample_that_throws_fails() =>
        Assert.Throws<InvalidOperationException>(() => Verify("""
            ```csharp
            throw new InvalidOperationException();
            ```
            """));

    [Fact]
    public void A_sample_that_writes_to_standard_error_fails() =>
        Assert.Throws<EqualException>(() => Verify("""
            ```csharp
            Console.Error.WriteLine("a task was left over");
            ```
            """));

    [Fact]
    public void Declarations_alone_are_compiled() =>
        Assert.Contains("CS0246", Assert.ThrowsAny<XunitException>(() => Verify("""
            ```csharp
            interface IShape { Missing Area { get; } }
            ```
            """)).Message);

    [Fact]
    public void An_output_block_below_another_heading_is_not_the_samples() =>
        Assert.Null(Assert.Single(MarkdownReader.Samples("sample.md", """
            ```csharp
            ```
            # Other
            ```text
            ```
            """)).Output);

    [Theory]
    [InlineData("one\ntwo", true)]
    [InlineData("    three\n\n    four", true)]
    [InlineData("three\n\nfour", true)]
    [InlineData("one\n// …\nfour", true)]
    [InlineData("one\nthree", false)]
    [InlineData("four\n// …\none", false)]
    [InlineData("three\n\n  four", false)]
    [InlineData("ne\ntwo", false)]
    [InlineData("four\nfive", false)]
    public void A_quotation_is_true_when_its_lines_stand_so_in_the_file(string quotation, bool isTrue) =>
        Assert.Equal(isTrue, Quotation.IsTrue(quotation, "one\ntwo\n    three\n\n    four\n"));

    [Fact]
    public void A_block_that_names_a_sample_is_not_a_program_of_its_own() =>
        Assert.Equal("samples/lock.cs", Assert.Single(MarkdownReader.Samples("sample.md", """
            ```csharp samples/lock.cs
            ```
            """)).Source);

    [Fact]
    public void A_sample_that_breaks_a_rule_without_saying_so_fails() =>
        Assert.Contains("HED001", Assert.ThrowsAny<XunitException>(() => Verify($"""
            ```csharp
            {ForgottenAwait}
            ```
            """)).Message);

    [Fact]
    public void A_sample_that_names_the_rule_it_breaks_passes() =>
        Verify($"""
            ```csharp HED001
            {ForgottenAwait}
            ```
            """);

    [Fact]
    public void A_sample_that_names_a_rule_is_run_when_the_document_says_what_it_prints() =>
        Assert.Throws<EqualException>(() => Verify($"""
            ```csharp HED001
            {ForgottenAwait}
            Console.WriteLine("forgotten");
            ```
            ```text
            remembered
            ```
            """));

    [Fact]
    public void A_sample_that_names_a_rule_it_does_not_break_fails() =>
        Assert.ThrowsAny<XunitException>(() => Verify("""
            ```csharp HED001
            Console.WriteLine();
            ```
            """));

    [Fact]
    public void The_sample_that_forgets_an_await_on_purpose_may() =>
        SampleProgram.Verify(new(Path.Combine(Repository.Root, "samples", "forgotten-await.cs"), ForgottenAwait, null, "", []));

    [Fact]
    public void Another_sample_may_not() =>
        Assert.ThrowsAny<XunitException>(() =>
            SampleProgram.Verify(new(Path.Combine(Repository.Root, "samples", "another.cs"), ForgottenAwait, null, "", [])));

    private static void Verify(string markdown) =>
        SampleProgram.Verify(Assert.Single(MarkdownReader.Samples("sample.md", markdown)));
}
