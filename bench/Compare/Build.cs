using System.Reflection;
using System.Runtime.Loader;

namespace Heddle.Benchmarks.Compare;

/// <summary>The rows of one build of the benchmarks, loaded beside those of others in one process.</summary>
/// <remarks>Reached by reflection, as each build has types of its own; a call of it measures many operations, so that it costs nothing that counts.</remarks>
sealed class Build
{
    readonly Dictionary<string, Func<double, (double Nanoseconds, double Bytes)>> _rows = [];

    /// <param name="folder">What <c>bench/Heddle.Benchmarks</c> was built into.</param>
    public Build(string folder)
    {
        string path = Path.GetFullPath(Path.Combine(folder, "Heddle.Benchmarks.dll"));
        var context = new Context(path);
        Assembly assembly = context.LoadFromAssemblyPath(path);
        object sides = assembly.GetType("Heddle.Benchmarks.Sides.AllSides", throwOnError: true)!.GetProperty("Sides")!.GetValue(null)!;
        object[] plans =
        [
            .. PlansOf(((Array)sides).GetValue(0)!),
            .. PlansOf(assembly.GetType("Heddle.Benchmarks.Generators.HeddleGenerators", throwOnError: true)!.GetMethod("Create")!.Invoke(null, null)!),
        ];
        foreach (object plan in plans)
            Add(plan);
        MethodInfo deep = assembly.GetType("Heddle.Benchmarks.Failures.DeepFailure", throwOnError: true)!.GetMethod("OnHeddle")!;
        foreach (int levels in (int[])[10, 100, 1000])
        {
            _rows.Add($"failure_{levels}", _ =>
            {
                object sample = deep.Invoke(null, [levels])!;
                return (((TimeSpan)Get(sample, "Time")!).TotalNanoseconds, Convert.ToDouble(Get(sample, "Bytes")));
            });
        }
    }

    public IEnumerable<string> Rows => _rows.Keys;

    /// <param name="row">Its key.</param>
    /// <param name="share">Of the operations that the row itself measures.</param>
    public (double Nanoseconds, double Bytes) Measure(string row, double share) => _rows[row](share);

    static IEnumerable<object> PlansOf(object side) => ((Array)Get(side, "Plans")!).Cast<object>();

    static object? Get(object of, string property) => of.GetType().GetProperty(property)!.GetValue(of);

    void Add(object plan)
    {
        var run = (Delegate)Get(plan, "Run")!;
        object measured = Get(plan, "Measured")!;
        int operations = (int)Get(measured, "Operations")!;
        int live = (int)Get(measured, "Live")!;
        Type load = measured.GetType();
        _rows.Add((string)Get(plan, "Key")!, share =>
        {
            object sample = run.DynamicInvoke(Activator.CreateInstance(load, Math.Max(1, (int)(operations * share)), live))!;
            return ((double?)Get(sample, "Nanoseconds") ?? 0, (double?)Get(sample, "Bytes") ?? 0);
        });
    }

    sealed class Context(string path) : AssemblyLoadContext(path)
    {
        readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
            => _resolver.ResolveAssemblyToPath(name) is { } found ? LoadFromAssemblyPath(found) : null;
    }
}
