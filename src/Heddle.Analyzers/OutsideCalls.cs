namespace Heddle.Analyzers;

/// <summary>What is another thing each time that a program runs, and what to use in a simulation instead.</summary>
internal static class OutsideCalls
{
    private const string Time = "ask the run's clock (EventLoop.Current.Clock, world.TimeProvider)";
    private const string Chance = "ask the world's random numbers (world.Random)";
    private const string Provider = "give it the run's clock (EventLoop.Current.Clock, world.TimeProvider)";
    private const string Thread = "what another thread does has no place in the order of steps";

    private static readonly Dictionary<string, string> s_members = new()
    {
        ["System.DateTime.Now"] = Time,
        ["System.DateTime.UtcNow"] = Time,
        ["System.DateTime.Today"] = Time,
        ["System.DateTimeOffset.Now"] = Time,
        ["System.DateTimeOffset.UtcNow"] = Time,
        ["System.Diagnostics.Stopwatch.StartNew"] = Time,
        ["System.Diagnostics.Stopwatch.GetTimestamp"] = Time,
        ["System.Environment.TickCount"] = Time,
        ["System.Environment.TickCount64"] = Time,
        ["System.TimeProvider.System"] = Time,
        ["System.Guid.NewGuid"] = Chance,
        ["System.Guid.CreateVersion7"] = Chance,
        ["System.Random.Shared"] = Chance,
        ["System.IO.Path.GetRandomFileName"] = Chance,
        ["System.IO.Path.GetTempFileName"] = Chance,
        ["System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode"] = "order by something that the program has given out itself",
        ["System.Threading.Thread.Start"] = Thread,
        ["System.Threading.Thread.UnsafeStart"] = Thread,
    };

    /// <summary>Only where the thread pool is not simulated: under <c>Explore</c>, and not under <c>ExploreTasks</c>.</summary>
    private static readonly HashSet<string> s_ofPool =
    [
        "System.Threading.Tasks.Task.Run", "System.Threading.Tasks.Parallel.For", "System.Threading.Tasks.Parallel.ForEach", "System.Threading.Tasks.Parallel.ForEachAsync",
        "System.Threading.Tasks.Parallel.Invoke", "System.Threading.ThreadPool.QueueUserWorkItem", "System.Threading.ThreadPool.UnsafeQueueUserWorkItem",
    ];

    /// <param name="operation">A call, an access or a creation.</param>
    /// <param name="isOfPool">Whether it matters only where the pool is not simulated.</param>
    /// <returns>What it is called, and what to do; null if it is the same each time, as far as anybody sees.</returns>
    internal static (string Name, string Remedy)? Find(IOperation operation, out bool isOfPool)
    {
        isOfPool = false;
        switch (operation)
        {
            case IPropertyReferenceOperation { Property: { IsStatic: true } property } when s_members.TryGetValue(Named(property), out var remedy):
                return ($"{property.ContainingType.Name}.{property.Name}", remedy);

            case IInvocationOperation { TargetMethod: var method }:
                var name = Named(method);
                isOfPool = s_ofPool.Contains(name);
                return s_members.TryGetValue(name, out var instead) ? ($"{method.ContainingType.Name}.{method.Name}", instead)
                    : isOfPool ? ($"{method.ContainingType.Name}.{method.Name}", Thread)
                    : name == "System.Threading.Tasks.Task.Delay" && !TakesProvider(method) ? ("Task.Delay", Provider)
                    : method.ContainingType is { Name: "RandomNumberGenerator", IsStatic: false } && method is { IsStatic: true, Name: not "Create" } ? ($"RandomNumberGenerator.{method.Name}", Chance)
                    : null;

            case IObjectCreationOperation { Constructor: { } constructor, Type: { } type }:
                return type.ToDisplayString() switch
                {
                    "System.Random" when constructor.Parameters.IsEmpty => ("new Random()", Chance),
                    "System.Diagnostics.Stopwatch" => ("new Stopwatch()", Time),
                    "System.Threading.Timer" or "System.Timers.Timer" => ("new Timer()", "have the run's clock make it (CreateTimer)"),
                    "System.Threading.PeriodicTimer" when !TakesProvider(constructor) => ("new PeriodicTimer()", Provider),
                    "System.Threading.CancellationTokenSource" when !constructor.Parameters.IsEmpty && !TakesProvider(constructor) => ("new CancellationTokenSource()", Provider),
                    _ => null,
                };

            default:
                return null;
        }
    }

    private static string Named(ISymbol member) => $"{member.ContainingType?.OriginalDefinition.ToDisplayString()}.{member.Name}";

    private static bool TakesProvider(IMethodSymbol method) => method.Parameters.Any(static parameter => parameter.Type.Name == "TimeProvider");
}
