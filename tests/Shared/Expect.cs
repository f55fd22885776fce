namespace Heddle.TestSupport;

internal static class Expect
{
    /// <summary>Fails with every report, one a line: <c>Assert.Empty</c> would cut the list off.</summary>
    public static void None(IEnumerable<string> reports)
    {
        var all = reports.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all.Prepend($"{all.Count} found:")));
    }
}
