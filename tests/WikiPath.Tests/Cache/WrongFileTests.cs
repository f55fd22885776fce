using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using WikiPath.Cli;
using WikiPath.Sample;
using WikiPath.Tests.Cli;
using WikiPath.Tests.MediaWiki;

namespace WikiPath.Tests.Cache;

/// <summary>A file that was named as the cache by mistake: whatever is asked, it is not touched.</summary>
public sealed class WrongFileTests : IDisposable
{
    const string FirstTables = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE wikis (id INTEGER PRIMARY KEY, api TEXT NOT NULL UNIQUE);
        CREATE TABLE links (wiki INTEGER NOT NULL, direction INTEGER NOT NULL, title TEXT NOT NULL,
            at INTEGER NOT NULL, neighbours BLOB NOT NULL, PRIMARY KEY (wiki, direction, title));
        CREATE TABLE articles (wiki INTEGER NOT NULL, typed TEXT NOT NULL, at INTEGER NOT NULL,
            title TEXT NOT NULL, disambiguation INTEGER NOT NULL, PRIMARY KEY (wiki, typed));
        PRAGMA user_version = 1;
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("wikipath-wrong-file").FullName;

    string Named => Path.Combine(_folder, "100%? #1.db");

    public static TheoryData<string> OtherPrograms => new(
        "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('all I have')",
        "PRAGMA journal_mode = WAL; CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('all I have')",
        "CREATE TABLE links (url TEXT); INSERT INTO links VALUES ('https://example.org')",
        "CREATE TABLE wikis (id INTEGER PRIMARY KEY, api TEXT); PRAGMA user_version = 1",
        "PRAGMA application_id = 7; " + FirstTables,
        FirstTables + "CREATE TABLE notes (text TEXT)",
        "PRAGMA user_version = 1");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a few words")]
    [InlineData("SQLite format 3\0 and then something else, long enough for a header of a hundred bytes or even a few more than that")]
    public void A_text_is_left_as_it_is(string text)
    {
        File.WriteAllText(Named, text);

        IsLeftAlone();
    }

    [Theory]
    [MemberData(nameof(OtherPrograms))]
    public void Another_programs_database_is_left_as_it_is(string sql)
    {
        Make(sql).Dispose();

        IsLeftAlone();
    }

    [Theory]
    [MemberData(nameof(OtherPrograms))]
    public void Another_programs_database_that_is_in_use_is_left_as_it_is(string sql)
    {
        using var connection = Make(sql);

        IsLeftAlone();
    }

    [Fact]
    public void A_folder_is_left_as_it_is()
    {
        Directory.CreateDirectory(Named);
        File.WriteAllText(Path.Combine(Named, "note.txt"), "all I have");

        IsLeftAlone();
    }

    [Fact]
    public void What_a_symbolic_link_leads_to_is_left_as_it_is()
    {
        File.WriteAllText(Path.Combine(_folder, "note.txt"), "all I have");
        File.CreateSymbolicLink(Named, Path.Combine(_folder, "note.txt"));

        IsLeftAlone();
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-shm")]
    [InlineData("-journal")]
    public void What_stands_where_SQLite_would_write_beside_a_new_cache_is_left_as_it_is(string ending)
    {
        File.WriteAllText(Named + ending, "all I have, and some more of it");

        IsLeftAlone();
    }

    [Fact]
    public void Nobodys_file_beside_a_cache_is_left_when_the_cache_goes()
    {
        Make(FirstTables).Dispose();
        File.WriteAllText(Named + "-journal", "all I have, and some more of it");

        Assert.Equal($"wikipath: deleted {Named}\n", Clear().Error);
        Assert.Equal([Named + "-journal"], Directory.GetFiles(_folder));
    }

    // A device is the same in this; none is named here, since a fault would take it from the whole machine.
    [Fact]
    public async Task A_pipe_is_no_cache_and_nobody_waits_for_its_other_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such files there.");
        using (var make = Process.Start("mkfifo", [Named])) await make.WaitForExitAsync();

        Assert.Equal("wikipath: there was no cache to delete.\n", Clear().Error);
        Assert.Contains("cannot be used", Search().Error, StringComparison.Ordinal);
        Assert.Equal([Named], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_cache_of_before_it_was_marked_is_known_by_its_tables_used_and_deleted()
    {
        Make(FirstTables).Dispose();

        Assert.Equal("", Search().Error);
        Assert.Equal(0, Json(Search()).GetProperty("requests").GetInt32());
        Assert.Equal($"wikipath: deleted {Named}\n", Clear().Error);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_cache_whose_program_was_killed_before_its_tables_were_in_the_file_is_known_too()
    {
        using (var connection = Make(FirstTables))
        {
            // As the file and its log stand while the program runs.
            foreach (var file in Directory.GetFiles(_folder)) File.Copy(file, file.Replace("100", "killed", StringComparison.Ordinal));
        }
        var killed = Named.Replace("100", "killed", StringComparison.Ordinal);

        Assert.Equal($"wikipath: deleted {killed}\n", CliRun.Of("--clear-cache", "--cache", killed).Error);
        Assert.DoesNotContain(Directory.GetFiles(_folder), file => file.Contains("killed", StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_file_becomes_a_cache()
    {
        File.WriteAllText(Named, "");

        Assert.Equal("", Search().Error);
        Assert.Equal(0, Json(Search()).GetProperty("requests").GetInt32());
    }

    [Fact]
    public void A_cache_behind_a_symbolic_link_is_deleted_itself()
    {
        var cache = Path.Combine(_folder, "elsewhere.db");
        File.CreateSymbolicLink(Named, cache);
        Assert.Equal("", Search().Error);

        Assert.Equal($"wikipath: deleted {cache}\n", Clear().Error);
        Assert.Equal([Named], Directory.GetFileSystemEntries(_folder));
    }

    SqliteConnection Make(string sql)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = Named, Pooling = false };
        var connection = new SqliteConnection(settings.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return connection;
    }

    void IsLeftAlone()
    {
        var before = Everything();

        var search = Search();
        Assert.Equal((ExitCode.Found, 1), (search.ExitCode, Json(search).GetProperty("distance").GetInt32()));
        Assert.Contains("cannot be used", search.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("elete", search.Error, StringComparison.Ordinal);
        var cleared = Clear();
        Assert.Equal((ExitCode.WrongInput, ""), (cleared.ExitCode, cleared.Out));
        Assert.Contains("is left alone", cleared.Error, StringComparison.Ordinal);

        Assert.Equal(before, Everything());
    }

    CliRun Clear() => CliRun.Of("--clear-cache", "--cache", Named);

    CliRun Search()
    {
        var network = new InMemoryWikiHandler(TestWiki.Of("A: B", "B:"));
        return CliRun.OnRealLoop(
            new Surroundings { Network = network }, "A", "B", "--wiki", "wiki.example.org", "--json", "--cache", Named);
    }

    // Names and contents; the index of a log is no content, and changes when somebody reads.
    List<(string Name, string Content)> Everything() =>
        [.. Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (file, Directory.Exists(file) || IsIndex(file) ? "" : Content(file)))];

    bool IsIndex(string file) => file == Named + "-shm" && File.Exists(Named);

    static string Content(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Convert.ToHexString(copy.ToArray());
    }

    static JsonElement Json(CliRun run)
    {
        using var json = JsonDocument.Parse(run.Out);
        return json.RootElement.Clone();
    }
}
