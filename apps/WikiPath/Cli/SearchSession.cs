using Heddle;
using WikiPath.Cache;
using WikiPath.MediaWiki;
using WikiPath.Sample;

namespace WikiPath.Cli;

/// <summary>One search, from the words of the user to the answer on the screen.</summary>
sealed class SearchSession : IAsyncDisposable
{
    const int Concurrency = 4;
    readonly CliOptions _options;
    readonly CliHost _host;
    readonly LoopHttpClient _http;
    readonly WikiApi _api;
    readonly ProgressLine _line;
    readonly LinkCache? _cache;
    PathFinder? _finder;

    public SearchSession(CliOptions options, CliHost host)
    {
        _options = options;
        _host = host;
        _line = new ProgressLine(host);
        _http = WikiHttp.CreateClient(host.Contact, Concurrency, Network());
        _api = new WikiApi(_http, options.Wiki, host.Retries)
        {
            OnWait = _line.ShowWait,
            NamesContact = !string.IsNullOrWhiteSpace(host.Contact),
        };
        if (options.Cache is { } file)
        {
            _cache = new LinkCache(file, options.Wiki, options.CacheAge, EventLoop.Current.Clock);
        }
    }

    public async Coroutine<int> RunAsync()
    {
        try
        {
            return await FindAsync();
        }
        catch (WikiException failure)
        {
            _line.Clear();
            if (_finder is not null) SayHowFar("stopped");
            _host.Error.WriteLine($"wikipath: {failure.Message}");
            return ExitCode.WikiFailed;
        }
        catch (OperationCanceledException)
        {
            SayHowFar("interrupted");
            throw;
        }
        finally
        {
            if (_cache is not null) await _cache.CloseAsync();
            if (_cache?.Problem is { } problem) _host.Error.WriteLine($"wikipath: {problem}");
        }
    }

    public Coroutine DisposeAsync() => _http.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => DisposeAsync().AsValueTask();

    async Coroutine<int> FindAsync()
    {
        var begun = EventLoop.Current.Now;
        var articles = new ArticleFinder(_api);
        var ends = await FindEndsAsync(articles);
        if (!await EndsAreUsableAsync(ends, articles)) return ExitCode.WrongInput;

        ILinkSource links = new WikiLinkSource(_api);
        _finder = new PathFinder(
            _cache is null ? links : new RememberingLinks(links, _cache), ends[0].Title, ends[1].Title)
        {
            Concurrency = Concurrency,
            Memory = _cache,
            OnProgress = progress => _line.Show(progress, _api.Requests),
            OnOneSided = SayOneSided,
        };
        var paths = await _finder.FindAsync();
        _line.Clear();
        var answer = new Answer(
            ends[0].Title, ends[1].Title, _options.Wiki.Name, paths, _options.Paths, _api.Requests, _finder.Pages,
            _finder.PagesRecalled, EventLoop.Current.Now - begun);
        AnswerWriter.Write(answer, _options.Json, _host);
        return paths is null ? ExitCode.NoPath : ExitCode.Found;
    }

    async Coroutine<IReadOnlyList<ArticleLookup>> FindEndsAsync(ArticleFinder articles)
    {
        string[] typed = [_options.From, _options.To];
        if (_cache is not null)
        {
            var known = await _cache.RecallArticlesAsync(typed);
            if (known is [{ } from, { } to]) return [from, to];
        }
        var found = await articles.FindAsync(typed);
        foreach (var (words, article) in typed.Zip(found).Where(end => end.Second.Problem is null))
        {
            _cache?.RememberArticle(words, article);
        }
        return found;
    }

    async Coroutine<bool> EndsAreUsableAsync(IReadOnlyList<ArticleLookup> ends, ArticleFinder articles)
    {
        _line.Clear();
        foreach (var end in ends.Where(end => end.IsDisambiguation))
        {
            _host.Error.WriteLine(
                $"wikipath: '{end.Title}' is a disambiguation page; a path may run through any of its meanings.");
        }
        var wrong = ends.Where(end => end.Problem is not null).DistinctBy(end => end.Title).ToList();
        foreach (var end in wrong)
        {
            _host.Error.WriteLine($"wikipath: '{end.Title}' {end.Problem}.");
            var near = await articles.SuggestAsync(end.Title);
            if (near.Count > 0) _host.Error.WriteLine($"  Near to it: {string.Join("; ", near)}");
        }
        return wrong.Count == 0;
    }

    void SayOneSided(WikiLacksException lack)
    {
        _line.Clear();
        _host.Error.WriteLine(
            $"wikipath: this wiki does not say what links to a page ({string.Join(", ", lack.What)}): the search goes "
            + "on from the start alone, which may take much longer.");
    }

    void SayHowFar(string what)
    {
        _line.Clear();
        var progress = _finder?.Progress ?? default;
        _host.Error.WriteLine(_finder is null
            ? $"wikipath: {what} after {ProgressLine.Requests(_api.Requests)}, before the search began."
            : $"wikipath: {what} after {ProgressLine.Describe(progress, _api.Requests)}.");
        if (_cache is { Problem: null } && progress.Pages > 0)
        {
            _host.Error.WriteLine("wikipath: the same command goes on from there.");
        }
    }

    HttpMessageHandler? Network() =>
        _options.Wiki.IsSample ? new InMemoryWikiHandler(WikiContentReader.ReadSample()) : _host.Network;
}
