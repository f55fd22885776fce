using Xunit.Sdk;

namespace Heddle.Architecture.Tests;

public sealed class PeerTests
{
    private const string Missing = "no-such-program";

    [Fact]
    public void A_peer_on_the_path_is_found() =>
        Assert.True(File.Exists(Peer.Require("dotnet")));

    [Fact]
    public void A_missing_peer_skips_the_test()
    {
        // Assert.Throws would let the skip through, and skip this test.
        SkipException? skipped = null;
        try
        {
            Peer.Require(Missing, "for this test", ci: false);
        }
        catch (SkipException thrown)
        {
            skipped = thrown;
        }

        Assert.Contains(Missing, skipped?.Message);
    }

    [Fact]
    public void In_ci_a_missing_peer_fails_the_test() =>
        Assert.Contains(Missing, Assert.Throws<FailException>(() => Peer.Require(Missing, "for this test", ci: true)).Message);
}
