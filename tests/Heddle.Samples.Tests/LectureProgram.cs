namespace Heddle.Samples.Tests;

/// <summary>A program that the lecture shows, or sets as a task.</summary>
/// <param name="Section">The lecture's section, 1 to 8.</param>
/// <param name="Number">Its place within the section, from 1.</param>
/// <param name="What">What it is about.</param>
/// <param name="Sample">The sample that it became; several where the lecture shows several ways.</param>
internal sealed record LectureProgram(int Section, int Number, string What, string Sample)
{
    public override string ToString() => $"{Section}.{Number} {What}";
}
