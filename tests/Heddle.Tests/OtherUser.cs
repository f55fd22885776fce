using System.Runtime.InteropServices;

namespace Heddle.Tests;

/// <summary>
/// While it lives, this thread has the rights of an ordinary user with files: those of 12345, in no group but 12345. Linux, and privileged
/// users, which the tests of a container run as.
/// </summary>
internal sealed class OtherUser : IDisposable
{
    internal const int Id = 12345;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly int _user;
    private readonly int _group;

    internal OtherUser()
    {
        Skip();
        _group = setfsgid(Id);
        _user = setfsuid(Id);
    }

    /// <summary>Skips the test where nobody can be somebody else.</summary>
    internal static void Skip() => Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only a privileged user of Linux can be another.");

    public void Dispose()
    {
        Assert.Equal(_thread, Environment.CurrentManagedThreadId);
        _ = setfsuid(_user);
        _ = setfsgid(_group);
    }

    [DllImport("libc")]
    private static extern int setfsuid(int id);

    [DllImport("libc")]
    private static extern int setfsgid(int id);
}
