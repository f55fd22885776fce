using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Heddle;

/// <summary>A function as a worker sees it: bytes in, bytes out.</summary>
internal abstract class WorkFunction(Delegate function, bool takesToken, string shape)
{
    internal Delegate Function { get; } = function;

    internal bool TakesToken { get; } = takesToken;

    /// <summary>Which of <see cref="WorkFunctions"/> made it.</summary>
    internal string Shape { get; } = shape;

    /// <summary>What it takes and gives, by name and size.</summary>
    internal abstract string Signature { get; }

    /// <summary>Reads arguments, calls the function with them and writes the result. What fails is thrown.</summary>
    internal abstract void Answer(WorkMode mode, ref PayloadReader arguments, PayloadWriter result, CancellationToken token);
}

/// <summary>A function whose arguments stand in one value: a tuple of them, where there are several.</summary>
internal sealed class WorkFunction<TArguments, TResult> : WorkFunction
{
    private readonly Func<Delegate, TArguments, CancellationToken, TResult> _invoke;
    private readonly Func<Codec<TArguments>> _codec;

    /// <param name="function">A delegate of the type that the next one expects.</param>
    /// <param name="invoke">Calls it.</param>
    /// <param name="codec">Asked for when something is to be sent: what stays in the process needs none.</param>
    /// <param name="takesToken">Whether it takes a token.</param>
    /// <param name="shape">The caller's name.</param>
    internal WorkFunction(
        Delegate function,
        Func<Delegate, TArguments, CancellationToken, TResult> invoke,
        Func<Codec<TArguments>> codec,
        bool takesToken,
        [CallerMemberName] string shape = "")
        : base(function, takesToken, shape)
    {
        ArgumentNullException.ThrowIfNull(function);
        AsyncResult<TResult>.ThrowIfSo(function);
        _invoke = invoke;
        _codec = codec;
    }

    internal override string Signature => $"{Shape}({Layouts.Of(_codec)}) -> {Layouts.Of<TResult>()}";

    internal Func<Codec<TArguments>> ArgumentCodec => _codec;

    internal WorkCall<TArguments, TResult> With(TArguments arguments) => new(this, arguments);

    internal TResult Invoke(TArguments arguments, CancellationToken token) => _invoke(Function, arguments, token);

    internal override void Answer(WorkMode mode, ref PayloadReader arguments, PayloadWriter result, CancellationToken token)
    {
        if (mode == WorkMode.Chunk)
        {
            var start = Stopwatch.GetTimestamp();
            var items = Sequences.Read(ref arguments, ArgumentCodec, Function, out var unmade);
            if (unmade is null)
            {
                ThrowIfMore(arguments.Left);
            }

            var chunk = new WorkChunk<TArguments, TResult>(this, items);
            var made = chunk.Invoke(token);
            chunk.WriteResult(result, made with { Failure = made.Failure ?? unmade }, start);
        }
        else
        {
            var value = Portable.ReadArguments(ref arguments, ArgumentCodec, Function);
            ThrowIfMore(arguments.Left);
            Portable.WriteResult(result, Invoke(value, token), Function);
        }
    }

    private void ThrowIfMore(int left)
    {
        if (left != 0)
        {
            throw new NotPortableException(
                $"{left} bytes more were sent than {FunctionNames.Of(Function)} takes, so what it takes is declared otherwise where the call came from. "
                + "Deploy the same build everywhere.");
        }
    }
}

/// <summary>How many times a request calls its function.</summary>
internal enum WorkMode : byte
{
    /// <summary>Once.</summary>
    Call,

    /// <summary>For each of several arguments.</summary>
    Chunk,
}
