namespace Heddle;

/// <summary>The system ends a text where there is a zero in it, and would open, or go to, something else.</summary>
internal static class ZeroCheck
{
    /// <exception cref="ArgumentException">It has a zero in it.</exception>
    internal static void OfPath(string? path, string parameterName)
    {
        if (path?.Contains('\0') == true)
        {
            throw new ArgumentException($"The path '{path.Replace('\0', '?')}' has a zero in it, where the system would end it.", parameterName);
        }
    }
}
