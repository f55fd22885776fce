namespace Heddle.Samples.Tests;

/// <summary>The programs of the lecture that the project follows, in its order. To add one, add its line.</summary>
internal static class Lecture
{
    public static IReadOnlyList<LectureProgram> Programs { get; } =
    [
        // Asynchronous programming as an alternative to threads
        new(1, 1, "a server of several connections, by select and callbacks", "callback-server"),
        new(1, 2, "a button whose click starts a request, with callbacks", "button-callbacks"),
        new(1, 3, "the same button with coroutines", "button-coroutines"),

        // Generators
        new(2, 1, "a generator expression: squares, next, the rest as a list", "squares"),
        new(2, 2, "min, sorted, any, all and next over generator expressions, and their end", "generator-expressions"),
        new(2, 3, "a generator function: next, the end of iteration, list, for", "generator-function"),
        new(2, 4, "Fibonacci numbers without end", "fibonacci"),
        new(2, 5, "a pipeline that reads a file of integers in one pass", "pipeline"),

        // Generators as coroutines
        new(3, 1, "a cursor as a context manager: commit, roll back, close", "cursor"),
        new(3, 2, "the server with one generator for each connection", "coroutine-server"),
        new(3, 3, "the same server on a loop that is apart from it: an event loop", "select-loop-server"),
        new(3, 4, "the echo generator: send", "echo-generator"),
        new(3, 5, "close and finally", "close-and-finally"),
        new(3, 6, "running means of what is sent", "running-means"),
        new(3, 7, "one file read and split into several on the fly", "split-file"),
        new(3, 8, "yield and return in one generator", "return-value"),
        new(3, 9, "the means as return values", "returned-means"),
        new(3, 10, "yield from: values, sends and exceptions go through", "delegation"),
        new(3, 11, "yield from gives the inner generator's return value", "delegation-result"),
        new(3, 12, "a dialogue whose clarifying questions are a generator of their own", "dialogue"),
        new(3, 13, "permutations by a recursive generator", "permutations"),

        // async, await and awaitables
        new(4, 1, "a coroutine that awaits another", "read-data"),
        new(4, 2, "the awaitable protocol: a class of one's own that can be awaited", "awaitable"),
        new(4, 3, "the forgotten await", "forgotten-await"),
        new(4, 4, "an asynchronous iterator class", "async-iterator"),
        new(4, 5, "an asynchronous generator over the links of a page", "page-links"),
        new(4, 6, "an asynchronous context manager", "async-context-manager"),

        // asyncio: the basic functions
        new(5, 1, "hello and world", "hello-world"),
        new(5, 2, "calling main only makes a coroutine", "cold-coroutine"),
        new(5, 3, "two talkers as tasks", "talkers-as-tasks"),
        new(5, 4, "two talkers in sequence", "talkers-in-sequence"),
        new(5, 5, "two talkers as they complete", "talkers-as-completed"),
        new(5, 6, "two talkers gathered", "talkers-gathered"),
        new(5, 7, "gathering where one fails, without and with return_exceptions", "gathered-failures"),
        new(5, 8, "a task group", "task-group"),
        new(5, 9, "a timeout around a block", "timeout"),
        new(5, 10, "wait_for", "wait-for"),
        new(5, 11, "Lock", "lock"),
        new(5, 12, "Semaphore", "semaphore"),
        new(5, 13, "Event", "event"),
        new(5, 14, "Condition", "condition"),
        new(5, 15, "Barrier", "barrier"),
        new(5, 16, "Queue", "queue"),
        new(5, 17, "sleep(0): yielding", "yielding"),
        new(5, 18, "beyond the lecture: exactly one of several, select", "select"),
        new(5, 19, "beyond the lecture: a bug that one run in thousands shows, found by a simulation", "rare-bug"),
        new(5, 20, "beyond the lecture: a race in ordinary `async Task` code, found by a simulation", "task-race"),

        // The network
        new(6, 1, "an echo server", "tcp-echo-server"),
        new(6, 2, "its client", "tcp-echo-client"),
        new(6, 3, "which domains are free: a hundred connections at once, as they complete", "domain-checker"),
        new(6, 4, "beyond the lecture: a chat that slow and broken listeners do not harm", "chat"),

        // Threads and processes
        new(7, 1, "an archiver's output, read in pieces while it works", "archive-stream"),
        new(7, 2, "a CSV file read off the loop, by to_thread", "read-csv"),
        new(7, 3, "blocking and computing functions on a pool of threads and one of processes", "pools"),
        new(7, 4, "named arguments: functools.partial", "partial"),

        // HTTP
        new(8, 1, "a client that gets a page", "http-get"),
        new(8, 2, "post, put and JSON", "http-post"),
        new(8, 3, "a large download read as it comes", "http-stream"),
        new(8, 4, "the links of an article, by the wiki's API", "wiki-links"),
        new(8, 5, "the path finder, as the lecture wrote it", "path-finder"),
        new(8, 6, "the path finder, WikiPath's way", "shortest-paths"),
    ];
}
