using System.Net;
using System.Text;
using WikiPath.Cli;
using WikiPath.Sample;
using WikiPath.Tests.MediaWiki;

namespace WikiPath.Tests.Cli;

/// <summary>A name and a password in --wiki: they are sent to that wiki, and shown nowhere.</summary>
public sealed class PasswordTests : IDisposable
{
    const string Wiki = "https://me:se%2Fcret%40@wiki.example.org/api.php";
    const string Secret = "cret";

    readonly string _folder = Directory.CreateTempSubdirectory("wikipath-password").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Wiki, "me:se/cret@", "https://wiki.example.org/api.php")]
    [InlineData("http://ме:секрет@wiki.example.org:8080/api.php", "ме:секрет", "http://wiki.example.org:8080/api.php")]
    [InlineData("https://me@wiki.example.org/api.php", "me:", "https://wiki.example.org/api.php")]
    [InlineData("https://me:secret@wiki.example.org", "me:secret", "https://wiki.example.org/")]
    public void They_are_sent_and_the_answer_names_the_wiki_without_them(string wiki, string user, string shown)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A: B", "B:")));

        var run = CliRun.Of(new Surroundings { Network = network }, "A", "B", "--json", "--wiki", wiki);

        Assert.Equal((ExitCode.Found, ""), (run.ExitCode, run.Error));
        Assert.Contains($"\"wiki\": \"{shown}\"", run.Out, StringComparison.Ordinal);
        var header = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(user))}";
        Assert.All(network.Sent, request =>
        {
            Assert.Equal(header, request.Authorization);
            Assert.Equal("", request.Address.UserInfo);
        });
    }

    [Fact]
    public void Where_the_wiki_redirects_to_another_server_they_are_not_sent_on()
    {
        var network = new TestNetwork(new MovedWiki(new InMemoryWikiHandler(TestWiki.Of("A: B", "B:"))));

        var run = CliRun.Of(new Surroundings { Network = network }, "A", "B", "--wiki", Wiki);

        Assert.Equal("A -> B\n", run.Out);
        Assert.NotNull(network.Sent[0].Authorization);
        Assert.All(network.Sent.Skip(1), request => Assert.Null(request.Authorization));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "does not take the name and the password")]
    [InlineData(HttpStatusCode.Forbidden, "closed")]
    [InlineData(HttpStatusCode.NotFound, "HTTP status 404")]
    public void No_message_shows_them(HttpStatusCode status, string message)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:")));
        for (var i = 0; i < 8; i++) network.Then(status);

        var run = CliRun.Of(new Surroundings { Network = network, IsTerminal = true }, "A", "B", "--wiki", Wiki);

        Assert.Equal(ExitCode.WikiFailed, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpRequestError.Unknown)]
    [InlineData(HttpRequestError.ConnectionError)]
    [InlineData(HttpRequestError.InvalidResponse)]
    public void No_message_of_a_broken_connection_shows_them(HttpRequestError error)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A:")));
        for (var i = 0; i < 8; i++) network.ThenFail(error);

        var run = CliRun.Of(new Surroundings { Network = network, IsTerminal = true }, "A", "B", "--wiki", Wiki);

        Assert.Equal(ExitCode.WikiFailed, run.ExitCode);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_path_and_a_cache_that_cannot_be_used_show_nothing_of_them()
    {
        var network = new InMemoryWikiHandler(TestWiki.Of("A:", "B:"));

        var run = CliRun.OnRealLoop(
            new Surroundings { Network = network }, "A", "B", "--wiki", Wiki, "--cache", _folder);

        Assert.Equal(ExitCode.NoPath, run.ExitCode);
        Assert.Contains("on https://wiki.example.org/api.php", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cache_holds_nothing_of_them()
    {
        var network = new InMemoryWikiHandler(TestWiki.Of("A: B", "B:"));

        CliRun.OnRealLoop(
            new Surroundings { Network = network }, "A", "B", "--wiki", Wiki, "--cache", Path.Combine(_folder, "links.db"));

        Assert.NotEmpty(Directory.GetFiles(_folder));
        Assert.All(Directory.GetFiles(_folder), file =>
        {
            Assert.DoesNotContain(Secret, file, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, Encoding.Latin1.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("--wiki", "me:secret@wiki.example.org")]
    [InlineData("--wiki", "ftp://me:secret@wiki.example.org/api.php")]
    [InlineData("--wiki", "https://me:se/cret@wiki.example.org/api.php")]
    [InlineData("--wiki", "https://me:se#cret@wiki.example.org/api.php")]
    [InlineData("--wiki", "https://me:12/34secret@wiki.example.org/api.php")]
    [InlineData("--wiki", "https://me:12?34secret@wiki.example.org/api.php")]
    [InlineData("--wiki", "https://me:12#34secret@wiki.example.org/api.php")]
    [InlineData("--wiki", "https://me:12\\34secret@wiki.example.org/api.php")]
    [InlineData("--wiki", "https://me:p@secret@wiki.example.org/api.php")]
    [InlineData("https://me:secret@wiki.example.org/api.php")]
    [InlineData("--wki", "https://me:secret@wiki.example.org/api.php")]
    [InlineData("--wiki", "https://me:secret@wiki.example.org", "--wiki", "https://me:secret@wiki.example.org")]
    public void What_is_refused_is_not_shown(params string[] args)
    {
        var run = CliRun.Of(["A", "B", .. args]);

        Assert.Equal((ExitCode.WrongInput, ""), (run.ExitCode, run.Out));
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://me:secret@wiki.example.org", "A", "B")]
    [InlineData("A", "https://me:secret@wiki.example.org", "B")]
    [InlineData("https://me:secret@wiki.example.org", "A")]
    [InlineData("A", "https://me:secret@wiki.example.org")]
    [InlineData("https://me:secret@wiki.example.org")]
    [InlineData("https://secret@wiki.example.org", "A")]
    [InlineData("A", "B", "--wki=https://me:secret@wiki.example.org/")]
    [InlineData("--wki=https://me:secret@wiki.example.org/", "A", "B")]
    [InlineData("--wki=https://me:secret@wiki.example.org/", "A")]
    [InlineData("A", "B", "--wki=me:secret@wiki.example.org")]
    [InlineData("me:secret@wiki.example.org", "A", "B")]
    [InlineData("A", "B", "--", "--wki=https://me:secret@wiki.example.org/")]
    [InlineData("A", "B", "--paths", "https://me:secret@wiki.example.org")]
    [InlineData("A", "B", "--cache-age", "https://me:secret@wiki.example.org")]
    public void In_the_place_of_another_word_they_are_not_shown_and_not_sent_as_a_title(params string[] args)
    {
        var network = new TestNetwork(new InMemoryWikiHandler(TestWiki.Of("A: B", "B:")));

        var run = CliRun.Of(new Surroundings { Network = network }, args);

        Assert.Equal((ExitCode.WrongInput, ""), (run.ExitCode, run.Out));
        Assert.DoesNotContain(Secret, run.Error, StringComparison.Ordinal);
        Assert.Empty(network.Sent);
    }

    /// <summary>Answers as after a redirect to another server.</summary>
    sealed class MovedWiki(HttpMessageHandler wiki) : DelegatingHandler(wiki)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.RequestMessage =
                new HttpRequestMessage(HttpMethod.Get, new Uri("https://moved.example.org/api.php" + request.RequestUri!.Query));
            return response;
        }
    }
}
