using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace WikiPath.Cache;

/// <summary>
/// Tells a cache of this program from any other file, without changing it: who names a wrong file is not to lose it.
/// </summary>
static class CacheIdentity
{
    /// <summary>What SQLite keeps in the header of this program's databases: <c>PRAGMA application_id</c>, "WPth".</summary>
    public const int ApplicationId = 0x57507468;

    const int HeaderLength = 100;
    const int ApplicationIdAt = 68;

    // The columns of the tables before there was an application_id.
    static readonly string[] FirstTables =
    [
        "articles(wiki,typed,at,title,disambiguation)", "links(wiki,direction,title,at,neighbours)", "wikis(id,api)",
    ];

    public static CacheOwner OwnerOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var file = Target(name);
        if (Directory.Exists(file)) return CacheOwner.SomeoneElse;
        // A pipe or a device has no length either; SQLite refuses those, and reading one might wait for ever.
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return Siblings(file).All(IsSqlites) ? CacheOwner.Nobody : CacheOwner.SomeoneElse;
        }
        var header = Head(file, HeaderLength);
        if (header.Length < HeaderLength || !header.AsSpan().StartsWith("SQLite format 3\0"u8)) return CacheOwner.SomeoneElse;
        return BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(ApplicationIdAt)) switch
        {
            ApplicationId => CacheOwner.WikiPath,
            0 when HasFirstTables(file) => CacheOwner.WikiPath,
            _ => CacheOwner.SomeoneElse,
        };
    }

    /// <summary>The file itself, where the name is that of a symbolic link; SQLite too works beside that.</summary>
    public static string Target(string name)
    {
        try
        {
            return File.ResolveLinkTarget(name, returnFinalTarget: true)?.FullName ?? name;
        }
        catch (IOException)
        {
            return name;    // nothing is there, or links that lead in a circle
        }
    }

    /// <summary>What SQLite keeps beside a database, as far as it is there.</summary>
    public static IEnumerable<string> Siblings(string file) =>
        new[] { $"{file}-wal", $"{file}-shm", $"{file}-journal" }.Where(Path.Exists);

    /// <summary>Whether SQLite wrote what stands beside a database.</summary>
    public static bool IsSqlites(string sibling)
    {
        if (Directory.Exists(sibling)) return false;
        if (new FileInfo(sibling).Length == 0) return true;
        var head = Head(sibling, 8);
        if (head.Length < 8) return false;
        return sibling[(sibling.LastIndexOf('-') + 1)..] switch
        {
            "wal" => (BinaryPrimitives.ReadUInt32BigEndian(head) & ~1u) == 0x377f0682,
            "shm" => BitConverter.ToInt32(head) is 3007000 or 0,
            // One that was used has nought in place of its mark.
            _ => BinaryPrimitives.ReadUInt64BigEndian(head) is 0xd9d505f920a163d7 or 0,
        };
    }

    // Immutable: SQLite then takes no lock and makes no file beside it. What a run that was killed left in the log only is
    // not seen so; then the log is there, and reading it makes nothing new.
    static bool HasFirstTables(string file)
    {
        var address = new Uri(Path.GetFullPath(file)).AbsoluteUri;
        return Tables($"{address}?immutable=1") is { } tables
            && (tables.Count > 0 ? tables : File.Exists($"{file}-wal") ? Tables($"{address}?mode=ro") : null) is { } all
            && all.SequenceEqual(FirstTables);
    }

    static List<string>? Tables(string address)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = address, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 2,
        };
        try
        {
            using var connection = new SqliteConnection(settings.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT name || '(' || (SELECT group_concat(name) FROM pragma_table_info(t.name)) || ')' "
                + "FROM sqlite_schema t WHERE type <> 'index' ORDER BY name";
            using var rows = command.ExecuteReader();
            var tables = new List<string>();
            while (rows.Read()) tables.Add(rows.IsDBNull(0) ? "" : rows.GetString(0));
            return tables;
        }
        catch (SqliteException)
        {
            return null;    // not read, so nobody can say that it is this program's
        }
    }

    static byte[] Head(string file, int length)
    {
        using var stream = new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var head = new byte[length];
        return head[..stream.ReadAtLeast(head, length, throwOnEndOfStream: false)];
    }
}
