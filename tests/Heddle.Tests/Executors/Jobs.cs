using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Heddle.Tests.Executors;

/// <summary>What the tests have executors run. A worker process finds these functions in this same assembly.</summary>
internal static class Jobs
{
    internal static int Seven() => 7;

    internal static int Double(int number) => number * 2;

    internal static string Join(string? first, int second) => $"{first ?? "null"}+{second}";

    internal static double Area(double width, double height, string unit) => unit == "m" ? width * height : 0;

    internal static T Echo<T>(T value) => value;

    internal static int ProcessId() => Environment.ProcessId;

    internal static int ProcessIdAfter(int number) => number < 0 ? number : Environment.ProcessId;

    internal static void Nothing()
    {
    }

    internal static void Write(string path, string text) => File.WriteAllText(path, text);

    internal static Parcel PackThirdHeavily(int number) => number == 3 ? new HeavyParcel() : new Parcel { Number = number };

    internal static int Invert(int number) => 100 / number;

    /// <summary>As a worker would whose memory was overwritten: it announces a long frame, and ends.</summary>
    internal static void Announce(int length)
    {
        foreach (var descriptor in Directory.EnumerateFiles("/proc/self/fd").Where(static one => File.ResolveLinkTarget(one, false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true))
        {
            try
            {
                using var socket = new Socket(new SafeSocketHandle(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture), ownsHandle: false));
                socket.Send([.. BitConverter.GetBytes(length), 3, .. new byte[1000]]);
            }
            catch (SocketException)
            {
                // One that listens, for debuggers.
            }
        }

        Environment.Exit(3);
    }

    internal static void Fail(string message) => throw new InvalidDataException(message);

    /// <summary>As what waits for a server that does not answer.</summary>
    internal static void TimeOut() => throw new TaskCanceledException("the server did not answer in time");

    /// <summary>The same, where it is told that the server is gone.</summary>
    internal static void TimeOutIfGone(string signals)
    {
        if (File.Exists(Path.Combine(signals, "gone")))
        {
            TimeOut();
        }
    }

    internal static void FailDeep()
    {
        try
        {
            Fail("the cause");
        }
        catch (InvalidDataException cause)
        {
            throw new AggregateException("both went wrong", new InvalidOperationException("the outcome", cause), new PickyException(404));
        }
    }

    internal static void FailPicky(int code) => throw new PickyException(code);

    internal static void FailOwn(string message) => throw new OwnException(message);

    internal static void FailLying() => throw new LyingException("what was said");

    internal static Task<int> Promise(int number) => Task.FromResult(number);

    internal static Coroutine<int> Later(int number) => Coroutine.FromResult(number);

    /// <summary>Says that it has begun, with its process, and blocks until it is let go.</summary>
    internal static int Block(string signals)
    {
        var name = $"{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        File.WriteAllText(Path.Combine(signals, $"begun.{name}"), "");
        Wait(signals, CancellationToken.None);
        return Environment.ProcessId;
    }

    internal static void BlockThenFail(string signals)
    {
        Block(signals);
        throw new InvalidDataException("far too late");
    }

    /// <summary>The same, and stops when it is asked to.</summary>
    internal static string BlockPolitely(string signals, CancellationToken token)
    {
        File.WriteAllText(Path.Combine(signals, $"begun.{Environment.ProcessId}"), "");
        Wait(signals, token);
        token.ThrowIfCancellationRequested();
        return "let go";
    }

    /// <summary>The same, and has a result all the same.</summary>
    internal static string BlockAndKeep(string signals, CancellationToken token)
    {
        File.WriteAllText(Path.Combine(signals, $"begun.{Environment.ProcessId}"), "");
        Wait(signals, token);
        return token.IsCancellationRequested ? "what was done so far" : "let go";
    }

    /// <summary>The same, and fails in its clean-up.</summary>
    internal static string BlockAndFail(string signals, CancellationToken token)
    {
        File.WriteAllText(Path.Combine(signals, $"begun.{Environment.ProcessId}"), "");
        Wait(signals, token);
        throw new InvalidDataException("while it stopped");
    }

    /// <summary>Takes a token and does not look at it.</summary>
    internal static int BlockRudely(string signals, CancellationToken token)
    {
        _ = token;
        return Block(signals);
    }

    internal static int BlockThenCount(string signals, int number)
    {
        if (number == 0)
        {
            Block(signals);
        }

        return number;
    }

    /// <summary>Blocks until it is asked to stop, but for zero.</summary>
    internal static int BlockUnlessZero(int number, CancellationToken token)
    {
        if (number != 0)
        {
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
        }

        return number;
    }

    internal static void Exit(int code) => Environment.Exit(code);

    internal static void Die()
    {
        using var own = Process.GetCurrentProcess();
        own.Kill();

        // On the wall clock: it is killed here.
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Takes memory until there is none.</summary>
    internal static int Hoard()
    {
        var hoard = new List<byte[]>();
        while (true)
        {
            hoard.Add(new byte[1 << 20]);
        }
    }

    internal static int StartSleeper()
    {
        using var sleeper = Process.Start("sleep", "600");
        return sleeper.Id;
    }

    internal static int StartSleeperAndBlock(string signals)
    {
        File.WriteAllText(Path.Combine(signals, "sleeper"), $"{StartSleeper()}");
        return Block(signals);
    }

    private static void Wait(string signals, CancellationToken token)
    {
        while (!File.Exists(Path.Combine(signals, "go")) && !token.IsCancellationRequested && Directory.Exists(signals))
        {
            // On the wall clock, as this may be another process; a busy wait would take the core from who is to let it go.
            Thread.Sleep(2);
        }
    }
}

/// <summary>Can be made again by its message.</summary>
internal sealed class OwnException(string message) : Exception(message);

/// <summary>Cannot: it wants a number.</summary>
internal sealed class PickyException(int code) : Exception($"code {code}")
{
    internal int Code => code;
}

/// <summary>Would say something else if it were made again.</summary>
internal sealed class LyingException(string message) : Exception($"<{message}>");

/// <summary>Goes as JSON.</summary>
internal class Parcel
{
    public int Number { get; set; }
}

/// <summary>Not as a parcel: its weight would be lost.</summary>
internal sealed class HeavyParcel : Parcel
{
    public int Weight { get; set; }
}

/// <summary>Can be sent, and as the third not be made again.</summary>
internal sealed class Fragile
{
    private int _number;

    public int Number
    {
        get => _number;
        set => _number = value == 3 ? throw new InvalidDataException("too fragile") : value;
    }

    internal static Fragile Of(int number) => new() { _number = number };
}

internal sealed class SecretiveException(string message) : Exception(message)
{
    public override string? StackTrace => throw new InvalidOperationException("It does not say where it comes from.");
}
