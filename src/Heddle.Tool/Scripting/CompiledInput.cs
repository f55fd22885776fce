using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Heddle.Tool.Scripting;

/// <summary>Code with the name by which errors call it: <c>input 3</c>, or a file's path.</summary>
internal sealed record Input(string Name, string Code);

/// <summary>An input that can be run, or the errors that stand in the way.</summary>
/// <param name="Script">Null if there are errors.</param>
/// <param name="HasValue">Whether it ends with an expression whose value is to be shown.</param>
/// <param name="Errors">None if it can be run.</param>
internal sealed record CompiledInput(Script<object?>? Script, bool HasValue, IReadOnlyList<Diagnostic> Errors)
{
    internal static CompiledInput Failed(IEnumerable<Diagnostic> errors) => new(null, false, [.. errors]);
}
