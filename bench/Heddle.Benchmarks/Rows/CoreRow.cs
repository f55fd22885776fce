namespace Heddle.Benchmarks.Rows;

/// <summary>One line of the core table; its key is the word that every peer program understands.</summary>
sealed record CoreRow(string Key, string Title, bool IsMemory = false)
{
    public const string SleepingTaskKey = "sleeping_task";

    public static readonly CoreRow[] All =
    [
        new("switch", "switch (yield and resume), 1 task"),
        new("switch_100", "switch among 100 tasks"),
        new("child", "await a child that completes at once"),
        new("spawn_join", "spawn and join"),
        new("spawn_join_1000", "spawn 1000, then join them"),
        new("queue_hop", "queue hop"),
        new("free_lock", "free lock, take and release"),
        new("timer", "timer add and cancel (1 M live)"),
        new(SleepingTaskKey, "bytes a sleeping task", IsMemory: true),
    ];

    public static CoreRow? Find(string key) => Array.Find(All, row => row.Key == key);
}
