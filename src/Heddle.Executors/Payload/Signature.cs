using System.Runtime.CompilerServices;
using System.Text;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>What a function takes and gives, by name and, where it is sent as it stands in memory, by size: what both sides must agree on.</summary>
internal sealed class Signature : IWorkWriter
{
    private readonly StringBuilder _text = new();
    private bool _hasBegun;

    internal static string Of<TResult>(WorkItem<TResult> function)
    {
        var signature = new Signature();
        function.WriteArguments(signature);
        return $"{(function.TakesToken ? "with a token " : "")}({signature._text}) -> {Layout<TResult>()}";
    }

    public void Write<T>(T value)
    {
        // First comes how often the function is called, which is not of its signature.
        if (_hasBegun)
        {
            _text.Append(_text.Length == 0 ? "" : ", ").Append(Layout<T>());
        }

        _hasBegun = true;
    }

    public NotPortableException? WriteAll<T>(ReadOnlySpan<T> values) => null;

    public void WriteFailure(Exception? failure)
    {
    }

    private static string Layout<T>() => RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? $"{typeof(T)}" : $"{typeof(T)} of {Unsafe.SizeOf<T>()} bytes";
}
