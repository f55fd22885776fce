namespace Heddle.TestSupport;

/// <summary>Another program that a test talks to, such as <c>php</c>.</summary>
internal static class Peer
{
    /// <summary>
    /// Gives the program's path. Where it is not installed the test is skipped; in CI, which installs every
    /// peer, it fails, so that a missing install step cannot pass for a green run.
    /// </summary>
    public static string Require(string program, string? why = null) =>
        Require(program, why, ci: Environment.GetEnvironmentVariable("HEDDLE_CI") == "1");

    internal static string Require(string program, string? why, bool ci)
    {
        if (Find(program) is { } path)
        {
            return path;
        }

        var message = $"'{program}' is not on the PATH{(why is null ? "" : $": {why}")}.";
        if (ci)
        {
            Assert.Fail($"{message} CI must install it: see .ci/run.");
        }

        Assert.Skip($"{message} Install it to run this test.");
        return "";
    }

    private static string? Find(string program)
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        return directories
            .SelectMany(directory => endings.Select(ending => Path.Combine(directory, program + ending)))
            .FirstOrDefault(File.Exists);
    }
}
