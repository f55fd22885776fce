namespace Heddle;

/// <summary>Readable names of foreign awaitables, for errors and task lists.</summary>
internal static class ForeignNames
{
    /// <summary>The awaitable that an awaiter belongs to: <c>Task&lt;int&gt;</c> for <c>TaskAwaiter&lt;int&gt;</c>.</summary>
    internal static string OfAwaiter(Type awaiter)
    {
        var type = awaiter.IsNested ? awaiter.DeclaringType! : awaiter;
        var name = type.Name.Split('`')[0].Replace("Configured", "").Replace("Awaiter", "").Replace("Awaitable", "");
        var arguments = awaiter.IsGenericType ? awaiter.GetGenericArguments() : [];
        return arguments.Length == 0 ? name : $"{name}<{string.Join(", ", arguments.Select(CSharpNames.Of))}>";
    }
}
