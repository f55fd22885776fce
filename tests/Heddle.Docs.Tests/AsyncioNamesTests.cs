using System.Text.RegularExpressions;

namespace Heddle.Docs.Tests;

public sealed class AsyncioNamesTests
{
    private const string Document = "docs/coming-from-asyncio.md";

    // asyncio's low-level API, which the document has no tables for: a loop is no object that programs make or subclass.
    private static readonly HashSet<string> s_lowLevel =
    [
        "AbstractEventLoop", "AbstractServer", "BaseEventLoop", "BaseProtocol", "BaseTransport", "DatagramTransport", "EventLoop", "Handle",
        "ReadTransport", "SelectorEventLoop", "StreamReaderProtocol", "SubprocessTransport", "TimerHandle", "Transport", "WriteTransport",
        "AbstractEventLoopPolicy", "DefaultEventLoopPolicy", "get_event_loop_policy", "set_event_loop_policy", "AbstractChildWatcher",
        "FastChildWatcher", "MultiLoopChildWatcher", "PidfdChildWatcher", "SafeChildWatcher", "ThreadedChildWatcher", "get_child_watcher",
        "set_child_watcher", "FrameCallGraphEntry", "FutureCallGraph", "format_call_graph", "future_add_to_awaited_by",
        "future_discard_from_awaited_by",
    ];

    [Fact]
    public void The_tables_have_every_name_that_a_Python_developer_may_look_for()
    {
        var rows = ComparisonRow.AllOf(Document, Documents.Read(Document)).ToList();

        Expect.None(
            from listed in AsyncioNames.All
            where !rows.Any(row => row.Section == listed.Section && Has(row, listed.Name))
            select $"'{listed.Section}' has no {listed.Name}");
    }

    [Fact]
    public void The_list_has_every_public_name_of_asyncio()
    {
        var listed = AsyncioNames.All.Select(entry => entry.Name).ToHashSet();
        var names = Python.Run("import asyncio, sys; print(*asyncio.__all__ if sys.version_info < (3, 15) else ())", "-");

        Expect.None(names.Split().Where(name => name is not ("" or ['_', ..]) && !listed.Contains(name) && !s_lowLevel.Contains(name)));
    }

    private static bool Has(ComparisonRow row, string name) =>
        row.Python.Any(code => Regex.IsMatch(code, $@"(?<!\w){Regex.Escape(name)}(?!\w)"));
}
