using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Heddle.Tool.Scripting;
using Microsoft.CodeAnalysis;

namespace Heddle.Tool;

/// <summary>Errors, each with the place it comes from.</summary>
internal sealed partial class ErrorPrinter(ScriptEngine engine, Theme theme)
{
    private const int MostFrames = 16;
    private const int LongestSource = 60;

    /// <summary>What the compiler has to say.</summary>
    internal string Print(IEnumerable<Diagnostic> errors)
    {
        var text = new StringBuilder();
        foreach (var error in errors)
        {
            var span = error.Location.GetLineSpan();
            var (line, column) = (span.StartLinePosition.Line, span.StartLinePosition.Character);
            var place = error.Location.IsInSource ? theme.Place($"{span.Path}({line + 1},{column + 1})") + ": " : "";
            text.Append($"{place}{theme.Error($"error {error.Id}")}: {error.GetMessage()}\n");
            if (error.Location.IsInSource)
            {
                var source = error.Location.SourceTree!.GetText().Lines[line].ToString();
                var length = span.EndLinePosition.Line == line ? Math.Max(1, span.EndLinePosition.Character - column) : 1;
                text.Append($"    {source}\n    {new string(' ', column)}{theme.Error(new string('^', length))}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>What an input threw.</summary>
    internal string Print(Exception failure)
    {
        var text = new StringBuilder();
        Append(text, failure, "");
        return text.ToString();
    }

    private void Append(StringBuilder text, Exception failure, string cause)
    {
        text.Append($"{cause}{theme.Error(failure.GetType().Name)}: {failure.Message}\n");
        var frames = Frames(failure).ToList();
        foreach (var frame in frames.Take(MostFrames))
        {
            text.Append("   ").Append(frame).Append('\n');
        }

        if (frames.Count > MostFrames)
        {
            text.Append($"   … and {frames.Count - MostFrames} more\n");
        }

        if (failure is AggregateException several)
        {
            foreach (var inner in several.InnerExceptions)
            {
                Append(text, inner, "one of them: ");
            }
        }
        else if (failure.InnerException is { } inner)
        {
            Append(text, inner, "caused by: ");
        }
    }

    /// <summary>The stack, without what runs the inputs.</summary>
    private IEnumerable<string> Frames(Exception failure)
    {
        var lines = new StackTrace(failure, fNeedFileInfo: true).ToString().Split('\n');
        foreach (var line in lines)
        {
            var match = Frame().Match(line.TrimEnd());
            if (!match.Success || match.Groups["method"].Value.StartsWith("Microsoft.CodeAnalysis.", StringComparison.Ordinal))
            {
                continue;
            }

            var method = StateMachine().Replace(Submission().Replace(match.Groups["method"].Value, ""), "${method}()");
            if (method.StartsWith("<Initialize>", StringComparison.Ordinal))
            {
                method = "the input itself";
            }

            yield return $"at {method}{Place(match.Groups["file"].Value, match.Groups["line"].Value)}";
        }
    }

    private string Place(string file, string line)
    {
        if (file.Length == 0)
        {
            return "";
        }

        var source = engine.SourceLine(file, int.Parse(line))?.Trim();
        if (source?.Length > LongestSource)
        {
            source = source[..LongestSource] + "…";
        }

        return $" in {theme.Place($"{file}, line {line}")}{(source is null ? "" : $": {theme.Dim(source)}")}";
    }

    [GeneratedRegex(@"^\s+at (?<method>.+?)( in (?<file>.+):line (?<line>\d+))?$")]
    private static partial Regex Frame();

    /// <summary>What the compiler makes of an asynchronous method; of the input's own statements too.</summary>
    [GeneratedRegex(@"<(?<method>\w+|<Initialize>)>d(__\d+)?(`\d+)?\.MoveNext\(\)")]
    private static partial Regex StateMachine();

    [GeneratedRegex(@"Submission#\d+[.+]")]
    private static partial Regex Submission();
}
