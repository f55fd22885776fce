#:project ../src/Heddle/Heddle.csproj
#:package Microsoft.Data.Sqlite
// A generator with one yield is a context manager: what stands before the yield enters, what stands after it leaves,
// and the yield throws what the code in between has thrown. Here that code works on a database: if it succeeds its
// changes are committed, if it fails they are rolled back, and the connection is closed either way.
using Heddle;
using Microsoft.Data.Sqlite;

var file = Path.GetTempFileName();
var cursor = new ContextManager<SqliteCommand>(async co =>
{
    using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
    connection.Open();
    using var transaction = connection.BeginTransaction();
    using var command = connection.CreateCommand();
    command.Transaction = transaction;
    try
    {
        await co.Yield(command);
    }
    catch
    {
        transaction.Rollback();
        Console.WriteLine("[rolled back]");
        throw;
    }

    transaction.Commit();
    Console.WriteLine("[committed]");
});

try
{
    cursor.Run(cur => Execute(cur, "CREATE TABLE accounts (name TEXT, balance INTEGER CHECK (balance >= 0))"));
    cursor.Run(cur => Execute(cur, "INSERT INTO accounts VALUES ('Ann', 100), ('Bob', 0)"));

    Transfer("Ann", "Bob", 30);
    Transfer("Ann", "Bob", 80);     // Bob gets it, and then it turns out that Ann has not that much

    cursor.Run(cur =>
    {
        cur.CommandText = "SELECT name, balance FROM accounts ORDER BY name";
        using var rows = cur.ExecuteReader();
        while (rows.Read())
        {
            Console.WriteLine($"{rows.GetString(0)} has {rows.GetInt32(1)}");
        }
    });
}
finally
{
    File.Delete(file);
}

void Transfer(string from, string to, int amount)
{
    try
    {
        cursor.Run(cur =>
        {
            const string Book = "UPDATE accounts SET balance = balance + $amount WHERE name = $name";
            Execute(cur, Book, ("$name", to), ("$amount", amount));
            Execute(cur, Book, ("$name", from), ("$amount", -amount));
        });
        Console.WriteLine($"{from} gave {to} {amount}");
    }
    catch (SqliteException error)
    {
        Console.WriteLine($"{from} gave {to} nothing: {error.Message}");
    }
}

static void Execute(SqliteCommand command, string sql, params (string Name, object Value)[] parameters)
{
    command.CommandText = sql;
    command.Parameters.Clear();
    foreach (var (name, value) in parameters)
    {
        command.Parameters.AddWithValue(name, value);
    }

    command.ExecuteNonQuery();
}
