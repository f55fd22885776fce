using Microsoft.Data.Sqlite;
using WikiPath.MediaWiki;
using WikiPath.Search;

namespace WikiPath.Cache;

/// <summary>
/// The cache's tables. Its calls block, and belong to one thread. Several programs may have the same file open.
/// </summary>
sealed class CacheFile : IDisposable
{
    const int Version = 1;
    const long MostBytes = 512L << 20;

    const string Schema = """
        DROP TABLE IF EXISTS wikis; DROP TABLE IF EXISTS links; DROP TABLE IF EXISTS articles;
        CREATE TABLE wikis (id INTEGER PRIMARY KEY, api TEXT NOT NULL UNIQUE);
        CREATE TABLE links (wiki INTEGER NOT NULL, direction INTEGER NOT NULL, title TEXT NOT NULL,
            at INTEGER NOT NULL, neighbours BLOB NOT NULL, PRIMARY KEY (wiki, direction, title));
        CREATE TABLE articles (wiki INTEGER NOT NULL, typed TEXT NOT NULL, at INTEGER NOT NULL,
            title TEXT NOT NULL, disambiguation INTEGER NOT NULL, PRIMARY KEY (wiki, typed));
        """;

    readonly SqliteConnection _connection;
    readonly long _wiki;

    public CacheFile(string file, string api)
    {
        if (CacheIdentity.OwnerOf(file) == CacheOwner.SomeoneElse)
        {
            throw new InvalidDataException("it is no cache of WikiPath's");
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 2 };
        _connection = new SqliteConnection(settings.ToString());
        try
        {
            _connection.Open();
            // Before the log is on, so that it stands in the file itself from its first page on.
            if (Number("PRAGMA application_id") != CacheIdentity.ApplicationId)
            {
                Execute($"PRAGMA application_id = {CacheIdentity.ApplicationId}");
            }
            // Readers and a writer do not wait for each other; a power cut may lose the last pages, and no more.
            Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
            CreateTables();
            Execute("INSERT OR IGNORE INTO wikis (api) VALUES ($api)", ("$api", api));
            _wiki = (long)Scalar("SELECT id FROM wikis WHERE api = $api", ("$api", api))!;
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public Dictionary<string, IReadOnlyCollection<string>> Recall(
        Direction direction, IEnumerable<string> titles, DateTimeOffset since)
    {
        var found = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal);
        using var command = Command(
            "SELECT neighbours FROM links "
            + "WHERE wiki = $wiki AND direction = $direction AND title = $title AND at > $since",
            ("$wiki", _wiki), ("$direction", (int)direction), ("$since", since.ToUnixTimeSeconds()), ("$title", ""));
        foreach (var title in titles)
        {
            command.Parameters["$title"].Value = title;
            if (command.ExecuteScalar() is byte[] packed) found[title] = NeighbourList.Unpack(packed);
        }
        return found;
    }

    public void Remember(
        IEnumerable<(Direction Direction, string Title, IReadOnlyCollection<string> Neighbours)> pages, DateTimeOffset now)
    {
        using var transaction = _connection.BeginTransaction();
        using var command = Command(
            "INSERT OR REPLACE INTO links VALUES ($wiki, $direction, $title, $at, $neighbours)",
            ("$wiki", _wiki), ("$direction", 0), ("$title", ""), ("$at", now.ToUnixTimeSeconds()),
            ("$neighbours", Array.Empty<byte>()));
        command.Transaction = transaction;
        foreach (var (direction, title, neighbours) in pages)
        {
            command.Parameters["$direction"].Value = (int)direction;
            command.Parameters["$title"].Value = title;
            command.Parameters["$neighbours"].Value = NeighbourList.Pack(neighbours);
            command.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    public ArticleLookup? RecallArticle(string typed, DateTimeOffset since)
    {
        using var command = Command(
            "SELECT title, disambiguation FROM articles WHERE wiki = $wiki AND typed = $typed AND at > $since",
            ("$wiki", _wiki), ("$typed", typed), ("$since", since.ToUnixTimeSeconds()));
        using var row = command.ExecuteReader();
        return row.Read() ? new ArticleLookup(row.GetString(0), null, row.GetBoolean(1)) : null;
    }

    public void RememberArticle(string typed, ArticleLookup article, DateTimeOffset now) => Execute(
        "INSERT OR REPLACE INTO articles VALUES ($wiki, $typed, $at, $title, $disambiguation)",
        ("$wiki", _wiki), ("$typed", typed), ("$at", now.ToUnixTimeSeconds()),
        ("$title", article.Title), ("$disambiguation", article.IsDisambiguation));

    /// <summary>Forgets the older half when the file has grown too large. Its space is used again.</summary>
    public void Trim()
    {
        var pages = Number("PRAGMA page_count") - Number("PRAGMA freelist_count");
        if (pages * Number("PRAGMA page_size") <= MostBytes) return;
        Execute("""
            DELETE FROM links
            WHERE at <= (SELECT at FROM links ORDER BY at LIMIT 1 OFFSET (SELECT COUNT(*) / 2 FROM links))
            """);
    }

    public void Dispose() => _connection.Dispose();

    void CreateTables()
    {
        // Two programs may find a new file at the same time: the second waits, and finds the tables.
        using var transaction = _connection.BeginTransaction();
        if (Number("PRAGMA user_version") != Version)
        {
            Execute(Schema);
            Execute($"PRAGMA user_version = {Version}");
        }
        transaction.Commit();
    }

    long Number(string sql) => (long)Scalar(sql)!;

    object? Scalar(string sql, params (string Name, object Value)[] values)
    {
        using var command = Command(sql, values);
        return command.ExecuteScalar();
    }

    void Execute(string sql, params (string Name, object Value)[] values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    SqliteCommand Command(string sql, params (string Name, object Value)[] values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
