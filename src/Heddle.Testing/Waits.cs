namespace Heddle.Testing;

/// <summary>What the tasks of a loop wait for, a line each.</summary>
internal static class Waits
{
    internal static string Of(EventLoop loop)
        => string.Concat(loop.Tasks.Select(task => $"{Environment.NewLine}  task '{task.Name}' waits for {TaskFlow.Of(task)?.Site.ToString() ?? task.WaitsFor}"));
}
