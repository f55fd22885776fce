namespace Heddle.Tool.Repl;

/// <summary><see cref="Console.In"/> while there is a prompt.</summary>
internal sealed class NoKeyboard : TextReader
{
    public override int Peek() => throw Refusal();

    public override int Read() => throw Refusal();

    public override string? ReadLine() => throw Refusal();

    public override string ReadToEnd() => throw Refusal();

    private static InvalidOperationException Refusal() => new(
        "The keyboard is the prompt's, so Console.In cannot be read here, and waiting for it would hold the loop. "
        + "Give the value in the input itself, or read a file.");
}
