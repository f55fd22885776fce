using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Generators;

/// <summary>The lines of the generators' table. A C# iterator takes nothing that is sent.</summary>
static class GeneratorRows
{
    public static readonly CoreRow Foreach = new("foreach", "an item of a foreach");
    public static readonly CoreRow Foreach10 = new("foreach_10", "the same through ten levels");
    public static readonly CoreRow Send = new("send", "a step: send and yield");
    public static readonly CoreRow Send10 = new("send_10", "the same through ten levels");
    public static readonly CoreRow Create = new("create", "make one of one item, and run it to its end");

    public static readonly CoreRow[] All = [Foreach, Foreach10, Send, Send10, Create];
}
