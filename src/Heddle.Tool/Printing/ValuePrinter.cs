using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Scripting.Hosting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Heddle.Tool;

/// <summary>Values as C# would write them.</summary>
internal static partial class ValuePrinter
{
    private const int Longest = 2000;
    private const int MostItems = 50;

    private static readonly PrintOptions s_options = new()
    {
        MemberDisplayFormat = MemberDisplayFormat.SingleLine,
        MaximumOutputLength = Longest,
    };

    /// <summary>The value in words. Nothing is awaited, and no generator is moved on.</summary>
    internal static string Print(object? value) => value switch
    {
        Task task => Print(task),
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Print(tuple[i])))})",
        IEnumerable items when IsLazy(items) => Print(items),
        not (null or string or ICollection or Enum or decimal) when !value.GetType().IsPrimitive && SpeaksForItself(value) => Speak(value),
        _ => Submission().Replace(CSharpObjectFormatter.Instance.FormatObject(value!, s_options), ""),
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

    /// <summary>The first of them, since there may be no last.</summary>
    private static string Print(IEnumerable items)
    {
        var first = new List<string>();
        foreach (var item in items)
        {
            if (first.Count == MostItems)
            {
                first.Add("…");
                break;
            }

            first.Add(Print(item));
        }

        return $"sequence {{ {string.Join(", ", first)} }}";
    }

    /// <summary>Whether its items are made while they are asked for, by something that can be asked again.</summary>
    private static bool IsLazy(IEnumerable items)
        => items is not (string or ICollection)
            && !SpeaksForItself(items)
            && !items.GetType().GetInterfaces().Any(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>));

    /// <summary>Whether somebody wrote what it says of itself, as for records, Heddle's own types and many of .NET's.</summary>
    private static bool SpeaksForItself(object value)
        => value.GetType().GetMethod(nameof(ToString), BindingFlags.Instance | BindingFlags.Public, [])?.DeclaringType is { } type
            && type != typeof(object) && type != typeof(ValueType);

    private static string Speak(object value)
        => (value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString()) ?? "";

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex Submission();
}
