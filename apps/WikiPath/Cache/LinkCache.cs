using Heddle;
using Microsoft.Data.Sqlite;
using WikiPath.MediaWiki;
using WikiPath.Search;

namespace WikiPath.Cache;

/// <summary>
/// What searches have read, in a file. SQLite blocks, so that all of it happens on one thread of its own; the loop waits
/// for what it asks, and not for what it hands over. A file that cannot be used is given up, and the search goes on.
/// </summary>
public sealed class LinkCache : ILinkMemory
{
    // Longer than any sensible write of what has been handed over; Ctrl+C is to end the program within a second.
    static readonly TimeSpan ClosingTime = TimeSpan.FromMilliseconds(500);

    readonly string _path;
    readonly TimeProvider _clock;
    readonly TimeSpan _age;
    readonly CacheThread _thread = new();
    readonly List<(Direction, string, IReadOnlyCollection<string>)> _new = [];
    CacheFile? _file;
    volatile string? _problem;

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="age">How old what it holds may be.</param>
    public LinkCache(string path, WikiAddress wiki, TimeSpan age, TimeProvider clock)
    {
        (_path, _clock, _age) = (path, clock, age);
        _thread.Post(() => Try(() => _file = new CacheFile(path, wiki.Endpoints[0].ToString())));
    }

    /// <summary>Why the file is no longer used; null while it is.</summary>
    public string? Problem => _problem;

    DateTimeOffset Since => _age == TimeSpan.MaxValue ? DateTimeOffset.MinValue : _clock.GetUtcNow() - _age;

    public async Coroutine<IReadOnlyDictionary<string, IReadOnlyCollection<string>>> RecallAsync(
        Direction direction, IReadOnlyList<string> titles)
    {
        var found = new Dictionary<string, IReadOnlyCollection<string>>();
        var since = Since;
        return await _thread.RunAsync(() =>
        {
            Try(() => found = _file?.Recall(direction, titles, since) ?? found);
            return found;
        }).OrCanceled();
    }

    public void Remember(Direction direction, string title, IReadOnlyCollection<string> neighbours)
    {
        if (_problem is not null) return;
        lock (_new)
        {
            _new.Add((direction, title, neighbours));
            if (_new.Count > 1) return;     // a write is on its way, and takes this along
        }
        var now = _clock.GetUtcNow();
        _thread.Post(() => Try(() => Write(now)));
    }

    /// <summary>The articles that titles were found to mean; null for those not remembered.</summary>
    public async Coroutine<ArticleLookup?[]> RecallArticlesAsync(string[] typed)
    {
        var since = Since;
        return await _thread.RunAsync(() =>
        {
            var found = new ArticleLookup?[typed.Length];
            Try(() => found = Array.ConvertAll(typed, title => _file?.RecallArticle(title, since)));
            return found;
        }).OrCanceled();
    }

    public void RememberArticle(string typed, ArticleLookup article)
    {
        var now = _clock.GetUtcNow();
        _thread.Post(() => Try(() => _file?.RememberArticle(typed, article, now)));
    }

    /// <summary>Writes what is left and closes the file, in a cancelled scope too; gives up after half a second.</summary>
    public async Coroutine CloseAsync()
    {
        _thread.Post(() => Try(() => _file?.Trim()));
        _thread.Post(() => _file?.Dispose());
        try
        {
            await CancelScope.ShieldAsync(ClosingTime, () => _thread.CloseAsync().OrCanceled());
        }
        catch (TimeoutException)
        {
            // The file is whole whenever the process ends: what was not committed is read again next time.
        }
    }

    void Write(DateTimeOffset now)
    {
        (Direction, string, IReadOnlyCollection<string>)[] pages;
        lock (_new)
        {
            pages = [.. _new];
            _new.Clear();
        }
        _file?.Remember(pages, now);
    }

    void Try(Action call)
    {
        if (_problem is not null) return;
        try
        {
            call();
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is 5 or 6 && _file is not null)
        {
            // Another program writes for long: this page is read again another time.
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException
            or InvalidDataException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            _problem = $"the cache '{_path}' cannot be used and is left alone: {failure.Message.TrimEnd('.')}. "
                + $"{(IsOurs() ? "Delete it with --clear-cache, name" : "Name")} another with --cache FILE, or do without: "
                + "--no-cache.";
            _file?.Dispose();
            _file = null;
        }
    }

    // Only what this program made is to be deleted: a wrong name must not cost anyone a file.
    bool IsOurs()
    {
        try
        {
            return CacheIdentity.OwnerOf(_path) == CacheOwner.WikiPath;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            return false;
        }
    }
}
