namespace Heddle.Architecture.Tests;

public sealed class HeddleLayersTests
{
    [Fact]
    public void Every_layer_of_Heddle_uses_only_the_layers_it_may_use()
    {
        var project = Path.Combine(Repository.Root, "src", "Heddle");
        var sources = Repository.Files("src/Heddle", "*.cs")
            .Select(file => new Source(Path.GetRelativePath(project, file).Replace('\\', '/'), File.ReadAllText(file)))
            .ToList();

        Assert.NotEmpty(sources);
        Expect.None(new LayerChecker(Layers.OfHeddle).Check(sources));
    }
}
