namespace Heddle.Docs.Tests;

/// <summary>A fenced C# block of a document, and the output block that follows it, if one does.</summary>
/// <param name="Place">The file and the line of the fence: <c>README.md:12</c>.</param>
/// <param name="Code">What stands between the fences.</param>
/// <param name="Source">The program that the block quotes, if its fence names one: <c>samples/lock.cs</c>.</param>
/// <param name="Output">What the document says the program prints; null when it does not say.</param>
/// <param name="Reports">
/// The rules that the analyzers report, once each, if the fence names any. Such a block shows what a rule is about, and is run
/// only if the document says what it prints.
/// </param>
internal sealed record Sample(string Place, string Code, string? Source, string? Output, IReadOnlyList<string> Reports);
