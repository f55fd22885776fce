namespace Heddle.Silo;

/// <summary>What the program tells who started it.</summary>
internal static class ExitCode
{
    public const int Left = 0;
    public const int WrongInput = 2;
    public const int NotJoined = 3;
    public const int NotWritten = 4;
}
