using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;

namespace Heddle;

/// <summary>What workers know by name and not by reflection: functions, types and exceptions.</summary>
/// <remarks>
/// A trimmed or a native program needs it for what goes to other processes; a cluster whose machines may run different builds, for its
/// functions. Register at the start of <c>Main</c>, the same on both sides, before <c>ProcessExecutor.RunWorkerIfAsked</c>. Any thread.
/// </remarks>
public static partial class WorkRegistry
{
    private static readonly ConcurrentDictionary<string, RegisteredFunction> s_functions = new();
    private static readonly ConcurrentDictionary<Delegate, RegisteredFunction> s_registered = new();

    /// <summary>
    /// Whether this process, as a worker of others, calls only functions that were registered here with <c>Add</c>. Otherwise who may call it may call any
    /// static method of any assembly that it can load. Default: false.
    /// </summary>
    public static bool OnlyRegistered { get; set; }

    /// <summary>Has the types of a <c>JsonSerializerContext</c> sent as its JSON. A trimmed program needs it for all that is more than plain values, text and arrays of those.</summary>
    /// <exception cref="InvalidOperationException">Something was sent already.</exception>
    public static void AddJson(IJsonTypeInfoResolver types)
    {
        ArgumentNullException.ThrowIfNull(types);
        WorkJson.Add(types);
    }

    /// <summary>Registers how an exception is made again that a function has thrown on a worker.</summary>
    /// <param name="make">Makes one of its message and its inner exception. One that then says something else is not used.</param>
    public static void AddException<T>(Func<string, Exception?, T> make)
        where T : Exception
    {
        ArgumentNullException.ThrowIfNull(make);
        KnownExceptions.Add(typeof(T), make);
    }

    internal static RegisteredFunction? Of(Delegate function) => s_registered.GetValueOrDefault(function);

    /// <param name="name">What it was registered with.</param>
    /// <param name="signature">What the caller takes it to be.</param>
    internal static WorkItem Find(string name, string signature)
    {
        if (!s_functions.TryGetValue(name, out var function))
        {
            throw new NotPortableException(
                $"The worker knows no function '{name}'. Register it with WorkRegistry.Add on the worker's side too, before it takes calls.");
        }

        return function.Signature == signature ? function.Work : throw new NotPortableException(
            $"'{name}' is {function.Signature} on the worker, and {signature} where the call came from. A function that is registered by name is found in another "
            + "build, but what it takes and gives must be the same there. Deploy the same types everywhere, or give the changed function another name.");
    }

    private static void Add<TResult>(WorkItem<TResult> work, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var function = new RegisteredFunction(name, Signature.Of(work), work);
        if (!s_functions.TryAdd(name, function) && !s_functions[name].Work.Function.Equals(work.Function))
        {
            throw new ArgumentException($"Another function is registered as '{name}'. Give one of them another name: WorkRegistry.Add(F, \"name\").", nameof(name));
        }

        s_registered[work.Function] = function;
    }
}

/// <param name="Name">By which it is found.</param>
/// <param name="Signature">What it takes and gives.</param>
/// <param name="Work">The function, with arguments of no meaning.</param>
internal sealed record RegisteredFunction(string Name, string Signature, WorkItem Work);
