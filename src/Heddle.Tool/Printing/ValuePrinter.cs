using Microsoft.CodeAnalysis.CSharp.Scripting.Hosting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Heddle.Tool;

/// <summary>Values as C# would write them.</summary>
internal static class ValuePrinter
{
    private const int Longest = 2000;

    private static readonly PrintOptions s_options = new()
    {
        MemberDisplayFormat = MemberDisplayFormat.SingleLine,
        MaximumOutputLength = Longest,
    };

    /// <summary>The value in words. Nothing is awaited, and no generator is moved on.</summary>
    internal static string Print(object? value) => value switch
    {
        Task task => Print(task),
        _ when IsOfHeddle(value) => value!.ToString()!,
        _ => CSharpObjectFormatter.Instance.FormatObject(value!, s_options),
    };

    /// <summary>Its properties must not be looked at: to read the result of one that runs would block.</summary>
    private static string Print(Task task)
    {
        var state = task switch
        {
            { IsCompletedSuccessfully: true } => "completed",
            { IsCanceled: true } => "cancelled",
            { IsFaulted: true } => $"failed: {task.Exception!.InnerException!.Message}",
            _ => "running; await it for its result",
        };
        return $"Task ({state})";
    }

    private static bool IsOfHeddle(object? value)
        => value?.GetType() is { Namespace: "Heddle" or "Heddle.LowLevel" } type && type.GetMethod("ToString", [])!.DeclaringType != typeof(object)
            && !type.IsEnum;
}
