using System.Text;

namespace Heddle.TestPrograms;

/// <summary>Passes lines on, and says when there was one.</summary>
internal sealed class TellingWriter(TextWriter target) : TextWriter
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _again = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Told => _told.Task;

    /// <summary>There were two.</summary>
    internal Task Again => _again.Task;

    public override Encoding Encoding => target.Encoding;

    public override void WriteLine(string? value)
    {
        target.WriteLine(value);
        if (!_told.TrySetResult())
        {
            _again.TrySetResult();
        }
    }
}
