using System.Diagnostics;

namespace Heddle;

/// <summary>Where in the program's own code something was done.</summary>
internal static class Places
{
    private static readonly string s_own = typeof(Places).Assembly.GetName().Name!;

    /// <summary>
    /// The nearest method on the stack that is neither Heddle's nor .NET's, with its file and line if they are known; null if the
    /// loop did it by itself.
    /// </summary>
    /// <param name="made">The asynchronous method that has just been called, which is not the place: who called it is.</param>
    internal static string? OfCaller(string? made = null)
    {
        var stack = new StackTrace(fNeedFileInfo: false);
        for (var i = 0; i < stack.FrameCount; i++)
        {
            if (DiagnosticMethodInfo.Create(stack.GetFrame(i)!) is not { } method)
            {
                continue;
            }

            var assembly = method.DeclaringAssemblyName.Split(',')[0];
            if (assembly == s_own)
            {
                if (method.Name == "RunPass")
                {
                    // Whoever stands further out has only started the loop.
                    return null;
                }
            }
            else if (!assembly.StartsWith("System.", StringComparison.Ordinal) && (made is null || !IsCallOf(method.Name, made)))
            {
                // The line costs more than the rest, so only this one's is looked up.
                var frame = new StackFrame(i, needFileInfo: true);
                var file = frame.GetFileName();
                return MethodNames.Of(method) + (file is null ? "" : $" in {file}:{frame.GetFileLineNumber()}");
            }
        }

        return null;
    }

    /// <summary>The compiler leaves of an asynchronous method a small one that only makes the coroutine.</summary>
    private static bool IsCallOf(string method, string made)
    {
        var name = made[(made.LastIndexOf('.') + 1)..];
        return method == name || method.Contains($"g__{name}|", StringComparison.Ordinal);
    }
}
