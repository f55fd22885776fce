namespace Heddle.Benchmarks.Quick;

static class PeerFiles
{
    /// <summary>The build copies bench/peers beside the program.</summary>
    public static string At(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "peers", .. parts]);
}
