using System.Text;

namespace Heddle.Tool.Terminal;

/// <summary><see cref="Console.Out"/> and <see cref="Console.Error"/> while there is a prompt. Any thread.</summary>
internal sealed class ScreenWriter(Screen screen) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => screen.Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => screen.Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => screen.Write(buffer.ToString());

    public override void Write(string? value) => screen.Write(value ?? "");

    // In one piece, or the prompt would be drawn twice.
    public override void WriteLine(string? value) => screen.Write(value + "\n");

    public override void WriteLine(ReadOnlySpan<char> buffer) => screen.Write(buffer.ToString() + "\n");

    public override void WriteLine(char[] buffer, int index, int count) => screen.Write(new string(buffer, index, count) + "\n");
}
