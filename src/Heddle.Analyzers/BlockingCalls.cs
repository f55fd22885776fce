namespace Heddle.Analyzers;

/// <summary>Which of the platform's calls block, and their twins that do not.</summary>
internal sealed class BlockingCalls
{
    private readonly Dictionary<string, List<(INamedTypeSymbol Type, BlockingTwin Twin)>> _methods = new();
    private readonly Compilation _compilation;
    private readonly ImmutableArray<INamedTypeSymbol> _inMemory;

    internal BlockingCalls(Compilation compilation)
    {
        _compilation = compilation;
        Add("System.Threading.Thread", BlockingTwin.Delay, "Sleep");
        Add("System.Threading.Thread", BlockingTwin.None, "Join");
        Add("System.Threading.Tasks.Task", BlockingTwin.AwaitReceiver, "Wait");
        Add("System.Threading.Tasks.Task", BlockingTwin.WhenAll, "WaitAll");
        Add("System.Threading.Tasks.Task", BlockingTwin.None, "WaitAny");
        Add("System.Threading.WaitHandle", BlockingTwin.None, "WaitOne", "WaitAll", "WaitAny", "SignalAndWait");
        Add("System.Threading.SemaphoreSlim", BlockingTwin.AsyncMethod, "Wait");
        Add("System.Threading.ManualResetEventSlim", BlockingTwin.None, "Wait");
        Add("System.Threading.CountdownEvent", BlockingTwin.None, "Wait");
        Add("System.Threading.Barrier", BlockingTwin.None, "SignalAndWait");
        Add("System.Threading.SpinWait", BlockingTwin.None, "SpinUntil");
        Add("System.Threading.Monitor", BlockingTwin.None, "Wait");
        Add("System.Collections.Concurrent.BlockingCollection`1", BlockingTwin.None, "Take", "GetConsumingEnumerable");
        Add("System.Diagnostics.Process", BlockingTwin.AsyncMethod, "WaitForExit");
        Add("System.IO.File", BlockingTwin.AsyncMethod, "ReadAllText", "ReadAllLines", "ReadAllBytes", "WriteAllText");
        Add("System.IO.File", BlockingTwin.AsyncMethod, "WriteAllLines", "WriteAllBytes", "AppendAllText", "AppendAllLines", "AppendAllBytes");
        Add("System.IO.Stream", BlockingTwin.AsyncMethod, "Read", "ReadByte", "ReadExactly", "ReadAtLeast", "CopyTo");
        Add("System.IO.TextReader", BlockingTwin.AsyncMethod, "Read", "ReadBlock", "ReadLine", "ReadToEnd");
        Add("System.Console", BlockingTwin.PoolThread, "Read", "ReadLine", "ReadKey");
        Add("System.Net.Dns", BlockingTwin.AsyncMethod, "GetHostEntry", "GetHostAddresses");
        Add("System.Net.Http.HttpClient", BlockingTwin.AsyncMethod, "Send");
        Add("System.Net.Sockets.TcpClient", BlockingTwin.AsyncMethod, "Connect");
        Add("System.Net.Sockets.TcpListener", BlockingTwin.AsyncMethod, "AcceptTcpClient", "AcceptSocket");
        Add("Heddle.EventLoop", BlockingTwin.AwaitArgument, "Run");

        _inMemory = Find("System.IO.MemoryStream").Concat(Find("System.IO.UnmanagedMemoryStream"))
            .Concat(Find("System.IO.StringReader")).ToImmutableArray();
    }

    /// <summary>The twin of a blocking method; null for one that is not known to block.</summary>
    internal BlockingTwin? TwinOf(IInvocationOperation call)
    {
        if (!_methods.TryGetValue(call.TargetMethod.Name, out var candidates))
        {
            return null;
        }

        foreach (var (type, twin) in candidates)
        {
            if (IsA(call.TargetMethod.ContainingType, type))
            {
                return IsInMemory(call.Instance?.Bare().Type) || IsPoll(call) ? null : twin;
            }
        }

        return null;
    }

    /// <summary>A wait of no time asks, and does not wait.</summary>
    private static bool IsPoll(IInvocationOperation call) =>
        call.TargetMethod.Name is not "Sleep" && call.Arguments.Any(argument => argument.Parameter is { Name: var name }
            && name is "millisecondsTimeout" or "timeout" or "milliseconds"
            && argument.Value.Bare() is { ConstantValue: { HasValue: true, Value: 0 } } or IFieldReferenceOperation { Field.Name: "Zero" });

    private bool IsInMemory(ITypeSymbol? type) => type is not null && _inMemory.Any(known => IsA(type, known));

    private static bool IsA(ITypeSymbol type, INamedTypeSymbol ancestor)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(string typeName, BlockingTwin twin, params string[] methods)
    {
        foreach (var type in Find(typeName))
        {
            foreach (var method in methods)
            {
                if (!_methods.TryGetValue(method, out var known))
                {
                    _methods.Add(method, known = new());
                }

                known.Add((type, twin));
            }
        }
    }

    private IEnumerable<INamedTypeSymbol> Find(string name)
    {
        if (_compilation.GetTypeByMetadataName(name) is { } type)
        {
            yield return type;
        }
    }
}
