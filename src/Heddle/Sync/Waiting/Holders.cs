namespace Heddle;

/// <summary>Who holds something, known by the number of the task: so that a primitive keeps no ended task alive.</summary>
internal static class Holders
{
    /// <summary>The task's name while it lives; for display.</summary>
    internal static string NameOf(LoopBinding binding, long id)
        => (binding.IsCurrent ? Find(binding.Loop!, id)?.Name : null) ?? $"task-{id}";

    /// <summary>
    /// Whether the current task may give back what that task took: it took it itself, or ownership says nothing, because
    /// the taker has ended (a child of a combinator) or one of the two runs on behalf of foreign code.
    /// </summary>
    internal static bool MayRelease(LoopBinding binding, long holder)
        => LoopTask.Current is { } current
            && (current.Id == holder || current.IsImplicit || Find(binding.Loop!, holder) is not { IsImplicit: false });

    private static LoopTask? Find(EventLoop loop, long id)
    {
        foreach (var task in loop.Tasks)
        {
            if (task.Id == id)
            {
                return task;
            }
        }

        return null;
    }
}
