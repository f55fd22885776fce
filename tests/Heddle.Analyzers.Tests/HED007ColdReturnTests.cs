namespace Heddle.Analyzers.Tests;

public sealed class HED007ColdReturnTests : RuleTest<HED007ColdReturnAnalyzer, HED007ColdReturnFix>
{
    [Theory]
    [InlineData("using var file = File.OpenRead(\"a\"); return [|WorkAsync(file)|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); Console.WriteLine(file.Length); return [|WorkAsync(file)|];")]
    [InlineData("using (var file = File.OpenRead(\"a\")) { return [|WorkAsync(file)|]; }")]
    [InlineData("using (var file = File.OpenRead(\"a\")) return [|WorkAsync(file)|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); using var reader = new StreamReader(file); return [|ReadAsync(reader)|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); var reader = new StreamReader(file); return [|ReadAsync(reader)|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); return [|Coroutine.WhenAll(WorkAsync(file), WorkAsync(null))|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); return [|WorkAsync(file).WithTimeout(TimeSpan.FromSeconds(1))|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); return [|LaterAsync(() => WorkAsync(file))|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); var work = WorkAsync(file); return [|work|];")]
    [InlineData("using var file = File.OpenRead(\"a\"); if (file.Length > 0) { return [|WorkAsync(file)|]; } return Coroutine.Completed;")]
    [InlineData("using var file = File.OpenRead(\"a\"); return [|file.Length > 0 ? WorkAsync(file) : default|];")]
    [InlineData("using var own = new Own(); return [|own.WorkAsync()|];")]
    [InlineData("var file = File.OpenRead(\"a\"); using (file) { return [|WorkAsync(file)|]; }")]
    public Task One_that_uses_what_is_disposed_of_first_is_reported(string statements) => ReportsAsync(In(statements));

    [Theory]
    [InlineData("using var measure = Begin(); return [|WorkAsync(null)|];")]
    [InlineData("using (Begin()) { return [|WorkAsync(null)|]; }")]
    [InlineData("using (Begin()) return [|WorkAsync(null)|];")]
    [InlineData("lock (this) { return [|WorkAsync(null)|]; }")]
    [InlineData("try { return [|WorkAsync(null)|]; } finally { _busy = false; }")]
    public Task One_that_is_all_that_stands_in_a_block_is_reported(string statements) => ReportsAsync(In(statements));

    [Theory]
    [InlineData("var file = File.OpenRead(\"a\"); try { return [|WorkAsync(file)|]; } finally { file.Dispose(); }")]
    [InlineData("Stream? file = null; try { file = File.OpenRead(\"a\"); return [|WorkAsync(file)|]; } finally { file?.Dispose(); }")]
    [InlineData("var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(9); try { Console.WriteLine(1); return [|SendAsync(rented)|]; } finally { System.Buffers.ArrayPool<byte>.Shared.Return(rented); }")]
    public Task One_that_uses_what_a_finally_gives_back_is_reported(string statements) => ReportsAsync(In(statements));

    [Theory]
    [InlineData("using var file = File.OpenRead(\"a\"); return NumberAsync((int)file.Length);")]
    [InlineData("using var reader = new StreamReader(\"a\"); return TextAsync(reader.ReadToEnd());")]
    [InlineData("using var reader = new StreamReader(\"a\"); var text = reader.ReadToEnd(); return TextAsync(text);")]
    [InlineData("using var reader = new StreamReader(\"a\"); return ItemAsync(Parse(reader));")]
    [InlineData("using var reader = new StreamReader(\"a\"); Console.WriteLine(reader.ReadLine()); return WorkAsync(null);")]
    [InlineData("using (var file = File.OpenRead(\"a\")) { Console.WriteLine(file.Length); } return WorkAsync(null);")]
    [InlineData("using var measure = Begin(); return TextAsync(File.ReadAllText(\"a\"));")]
    [InlineData("using var measure = Begin(); var text = File.ReadAllText(\"a\"); return TextAsync(text);")]
    [InlineData("using var file = File.OpenRead(\"a\"); return Coroutine.Completed;")]
    [InlineData("using var file = File.OpenRead(\"a\"); return default;")]
    [InlineData("using var file = File.OpenRead(\"a\"); return Coroutine.FromException(new IOException(file.Name));")]
    [InlineData("using var file = File.OpenRead(\"a\"); return Coroutine.FromResult(file);")]
    [InlineData("using var file = File.OpenRead(\"a\"); return TextAsync(nameof(file));")]
    [InlineData("lock (this) { return NumberAsync(_next++); }")]
    [InlineData("lock (this) { _next++; return WorkAsync(null); }")]
    [InlineData("lock (this) { return _work ??= WorkAsync(null); }")]
    [InlineData("try { return TextAsync(File.ReadAllText(\"a\")); } finally { Console.WriteLine(1); }")]
    [InlineData("try { return WorkAsync(null); } catch (IOException) { return Coroutine.Completed; }")]
    [InlineData("foreach (var each in new List<int>()) { return NumberAsync(each); } return Coroutine.Completed;")]
    [InlineData("return RunAsync(); async Coroutine RunAsync() { using var file = File.OpenRead(\"a\"); await WorkAsync(file); }")]
    [InlineData("using var file = File.OpenRead(\"a\"); Func<Coroutine> own = () => WorkAsync(null); return own();")]
    public Task One_that_needs_nothing_of_what_is_over_is_not_reported(string statements) => ReportsAsync(In(statements));

    [Fact]
    public Task Async_functions_and_those_that_return_no_coroutine_are_not_reported() => ReportsAsync("""
        class Program
        {
            static async Coroutine<int> WorkAsync(Stream file) { await Coroutine.Yield(); return 1; }
            static async Coroutine<int> OwnAsync() { using var file = File.OpenRead("a"); return await WorkAsync(file); }
            static LoopTask<int> Started() { using var file = File.OpenRead("a"); return LoopTask.Start(WorkAsync(file)); }
            static Func<Coroutine<int>> Later() { using var file = File.OpenRead("a"); return () => WorkAsync(null); }
        }
        """);

    [Theory]
    [InlineData(
        "Coroutine RunAsync() { using var file = Open(); return [|WorkAsync(file)|]; }",
        "async Coroutine RunAsync() { using var file = Open(); await WorkAsync(file); }")]
    [InlineData(
        "public Coroutine<int> RunAsync() { using var file = Open(); return [|NumberAsync(file)|]; }",
        "public async Coroutine<int> RunAsync() { using var file = Open(); return await NumberAsync(file); }")]
    [InlineData(
        "public Coroutine RunAsync() { using (var file = Open()) { return [|NumberAsync(file)|]; } }",
        "public async Coroutine RunAsync() { using (var file = Open()) { await NumberAsync(file); } }")]
    [InlineData(
        "Coroutine RunAsync(bool now) { if (!now) return Coroutine.Completed; using var file = Open(); return [|now ? WorkAsync(file) : default|]; }",
        "async Coroutine RunAsync(bool now) { if (!now) return; using var file = Open(); await (now ? WorkAsync(file) : default); }")]
    [InlineData(
        "Coroutine RunAsync(bool now) { using var file = Open(); if (now) { return [|WorkAsync(file)|]; } return default; }",
        "async Coroutine RunAsync(bool now) { using var file = Open(); if (now) { await WorkAsync(file); return; } return; }")]
    [InlineData(
        "Func<Coroutine> Run() => () => { using var file = Open(); return [|WorkAsync(file)|]; };",
        "Func<Coroutine> Run() => async () => { using var file = Open(); await WorkAsync(file); };")]
    public Task The_fix_awaits_it_there(string member, string mended) => FixesAsync(WithMembers(member), WithMembers(mended));

    [Fact]
    public Task The_fix_keeps_the_lines_as_they_are() => FixesAsync(
        WithMembers("Coroutine RunAsync(bool now)\n    {\n        using var file = Open();\n        if (now)\n        {\n            // Now.\n            return [|WorkAsync(file)|];\n        }\n\n        return default;\n    }"),
        WithMembers("async Coroutine RunAsync(bool now)\n    {\n        using var file = Open();\n        if (now)\n        {\n            // Now.\n            await WorkAsync(file);\n            return;\n        }\n\n        return;\n    }"));

    [Theory]
    [InlineData("Coroutine RunAsync() { lock (this) { return [|WorkAsync(null)|]; } }")]
    [InlineData("Coroutine RunAsync(ref int n) { using var file = Open(); return [|WorkAsync(file)|]; }")]
    [InlineData("Coroutine Running { get { using var file = Open(); return [|WorkAsync(file)|]; } }")]
    public Task Where_it_cannot_be_async_no_fix_is_offered(string member) => FixesAsync(WithMembers(member), WithMembers(member));

    private static string In(string statements) => $$"""
        #nullable enable
        class Own : IDisposable { public async Coroutine WorkAsync() => await Coroutine.Yield(); public void Dispose() { } }
        class Program
        {
            int _next; bool _busy = true; Coroutine? _work;
            Coroutine RunIt() { {{statements}} }
            static async Coroutine WorkAsync(Stream? file) => await Coroutine.Yield();
            static async Coroutine ReadAsync(TextReader reader) => await Coroutine.Yield();
            static async Coroutine SendAsync(byte[] bytes) => await Coroutine.Yield();
            static async Coroutine NumberAsync(int number) => await Coroutine.Yield();
            static async Coroutine TextAsync(string text) => await Coroutine.Yield();
            static async Coroutine ItemAsync(object item) => await Coroutine.Yield();
            static async Coroutine LaterAsync(Func<Coroutine> body) => await body();
            static object Parse(TextReader reader) => new();
            static IDisposable Begin() => new Own();
        }
        """;

    private static string WithMembers(string member) => $$"""
        class Program
        {
            static async Coroutine WorkAsync(Stream file) => await Coroutine.Yield();
            static async Coroutine<int> NumberAsync(Stream file) { await Coroutine.Yield(); return 1; }
            static Stream Open() => Stream.Null;
            {{member}}
        }
        """;
}
