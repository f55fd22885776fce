namespace WikiPath.Cli;

/// <summary>What the program tells the shell.</summary>
public static class ExitCode
{
    public const int Found = 0;
    public const int NoPath = 1;
    public const int WrongInput = 2;
    public const int WikiFailed = 3;
    public const int NotWritten = 4;
    public const int Interrupted = 130;
}
