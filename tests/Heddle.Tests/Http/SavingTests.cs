using System.Runtime.Versioning;
using System.Text;
using Heddle.TestSupport;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Http;

/// <summary>Saving a body: what stands at the path stays what it is.</summary>
public sealed class SavingTests : IDisposable
{
    private static readonly byte[] s_body = Encoding.ASCII.GetBytes(new string('q', 300_000));

    private readonly string _folder = Directory.CreateTempSubdirectory("heddle").FullName;

    private string Saved => Path.Combine(_folder, "saved");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_named_pipe_is_written_to_and_its_reader_waited_for() => HttpRun.Run(async () =>
    {
        await MakePipeAsync();
        var saving = LoopTask.Start(SaveAsync());
        await Coroutine.Yield();
        Assert.False(saving.IsCompleted);

        Assert.Equal(s_body, (await Subprocess.RunAsync("cat", [Saved])).Output.ToArray());
        await saving;
        await AssertIsStillPipeAsync();
    });

    [Fact]
    public void Waiting_for_the_reader_of_a_named_pipe_can_be_cancelled() => HttpRun.RunIntoTimeouts(async () =>
    {
        await MakePipeAsync();
        await ThrowsAsync<TimeoutException>(() => SaveAsync().WithTimeout(Second));
        await AssertIsStillPipeAsync();
    });

    [Fact]
    public void Waiting_for_a_reader_that_does_not_read_can_be_cancelled() => HttpRun.RunIntoTimeouts(
        async () =>
        {
            await MakePipeAsync();
            var begun = Path.Combine(_folder, "begun");
            await using var reader = Subprocess.Start("sh", ["-c", $"exec < '{Saved}'; head -c 1 > '{begun}'; exec sleep 1000"]);
            var saving = LoopTask.Start(SaveAsync().WithTimeout(Hour), "saving");
            await HappensAsync(Task.Run(async () =>
            {
                while (!File.Exists(begun) || new FileInfo(begun).Length == 0)
                {
                    // Real: another process writes it.
                    await Task.Delay(5);
                }
            }));
            Assert.False(saving.IsCompleted);
            await ThrowsAsync<TimeoutException>(async () => await saving);
        },
        TimeSpan.FromSeconds(3));

    [Fact]
    public void A_reader_of_a_named_pipe_that_goes_away_is_an_error() => HttpRun.Run(async () =>
    {
        await MakePipeAsync();
        await using var reader = Subprocess.Start("head", ["-c", "1", Saved], new() { StandardOutput = SubprocessOutput.Null });
        await ThrowsAsync<IOException>(SaveAsync);
        await AssertIsStillPipeAsync();
    });

    [Fact]
    public void A_device_is_written_to() => HttpRun.Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The numbers of devices are Linux's.");
        var (nothing, full) = (Path.Combine(_folder, "null"), Path.Combine(_folder, "full"));
        foreach (var (path, number) in new[] { (nothing, "3"), (full, "7") })
        {
            var made = await Subprocess.RunAsync(Peer.Require("mknod"), [path, "c", "1", number]);
            Assert.SkipUnless(made.Status.IsSuccess, $"Devices are made by privileged users only: {made.ErrorText}");
        }

        await SaveAsync(nothing);
        await ThrowsAsync<IOException>(() => SaveAsync(full));
        Assert.Equal(0, (await Subprocess.RunShellAsync($"test -c '{nothing}' && test -c '{full}' && test $(ls '{_folder}' | wc -l) = 2")).ExitCode);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_symbolic_link_stays_and_what_it_leads_to_is_replaced(bool isThere) => HttpRun.Run(async () =>
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "folder")).FullName;
        var target = Path.Combine(folder, "target");
        if (isThere)
        {
            await File.WriteAllTextAsync(target, "before").OrCanceled();
        }

        File.CreateSymbolicLink(Path.Combine(folder, "second"), "target");
        File.CreateSymbolicLink(Saved, Path.Combine("folder", "second"));
        await SaveAsync();
        Assert.Equal(s_body, await File.ReadAllBytesAsync(target).OrCanceled());
        Assert.Equal(Path.Combine("folder", "second"), new FileInfo(Saved).LinkTarget);
        Assert.Equal("target", new FileInfo(Path.Combine(folder, "second")).LinkTarget);
        Assert.Equal(["second", "target"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
    });

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    [UnsupportedOSPlatform("windows")]
    public void The_mode_and_the_owner_of_a_file_are_kept(UnixFileMode mode) => HttpRun.Run(async () =>
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        await File.WriteAllTextAsync(Saved, "before").OrCanceled();
        File.SetUnixFileMode(Saved, mode);
        var isPrivileged = (await Subprocess.RunAsync("chown", ["12345:23456", Saved])).Status.IsSuccess;
        var modes = new List<UnixFileMode>();
        await SaveAsync(seen: () => modes.AddRange(Directory.GetFiles(_folder).Select(file => File.GetUnixFileMode(file))));
        Assert.Equal(mode, File.GetUnixFileMode(Saved));
        Assert.Equal(2, modes.Count);
        Assert.All(modes, other => Assert.Equal(mode, other));
        Assert.Equal(s_body, await File.ReadAllBytesAsync(Saved).OrCanceled());
        if (isPrivileged)
        {
            Assert.Equal("12345:23456\n", (await Subprocess.RunAsync("stat", ["-c", "%u:%g", Saved])).OutputText);
        }
    });

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void What_a_group_may_is_not_given_to_another_group() => HttpRun.Run(async () =>
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherExecute;
        OtherUser.Skip();
        await SaveOnceAsync();
        await File.WriteAllTextAsync(Saved, "before").OrCanceled();
        File.SetUnixFileMode(Saved, Own | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        (await Subprocess.RunAsync("chown", [$"{OtherUser.Id}:23456", Saved])).EnsureSuccess();
        (await Subprocess.RunAsync("chown", [$"{OtherUser.Id}", _folder])).EnsureSuccess();
        var modes = new List<UnixFileMode>();
        using (new OtherUser())
        {
            await SaveAsync(seen: () => modes.AddRange(Directory.GetFiles(_folder, "*.part").Select(file => File.GetUnixFileMode(file))));
        }

        Assert.Equal(s_body, await File.ReadAllBytesAsync(Saved).OrCanceled());
        Assert.Equal([Own], modes);
        Assert.Equal(Own, File.GetUnixFileMode(Saved));
        Assert.Equal($"{OtherUser.Id}:{OtherUser.Id}\n", (await Subprocess.RunAsync("stat", ["-c", "%u:%g", Saved])).OutputText);
    });

    [Fact]
    public void Where_nobody_says_what_stands_there_nothing_is_written() => HttpRun.Run(async () =>
    {
        OtherUser.Skip();
        await SaveOnceAsync();
        await File.WriteAllTextAsync(Saved, "before").OrCanceled();
        using (new OtherUser())
        {
            var failure = await ThrowsAsync<IOException>(SaveAsync);
            Assert.Equal(
                $"What stands at '{Saved}' cannot be told: this program may not enter a directory on the way there. "
                    + "Give it the right to (chmod +x), or take another path.",
                failure.Message);
        }

        Assert.Equal("before", await File.ReadAllTextAsync(Saved).OrCanceled());
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    });

    [Fact]
    public void A_download_that_breaks_off_leaves_what_was_there_and_nothing_else() => HttpRun.Run(async () =>
    {
        await File.WriteAllTextAsync(Saved, "before").OrCanceled();
        await ThrowsAsync<LoopHttpException>(() => SaveAsync(seen: static () => throw new InvalidDataException("broken")));
        Assert.Equal("before", await File.ReadAllTextAsync(Saved).OrCanceled());
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    });

    [Fact]
    public void An_open_file_of_this_program_is_written_to() => HttpRun.Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's.");
        await using var file = new FileStream(Saved, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        await SaveAsync($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}");
        Assert.Equal(s_body.Length, file.Length);
    });

    [Fact]
    public void A_directory_is_an_error_before_anything_is_read() => HttpRun.Run(async () =>
    {
        var failure = await ThrowsAsync<IOException>(() => SaveAsync(_folder));
        Assert.Equal($"'{_folder}' is a directory. Give the name of a file in it.", failure.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    });

    [Fact]
    public void A_named_pipe_is_sent_as_it_is_written() => HttpRun.Run(async () =>
    {
        await MakePipeAsync();
        await using var writer = Subprocess.Start("sh", ["-c", $"printf one > '{Saved}'"]);
        using var content = new FileContent(Saved);
        Assert.Null(content.Headers.ContentLength);
        Assert.Equal("one", await SendToAsync(content));
    });

    [Fact]
    public void Of_a_file_that_grows_while_it_is_sent_as_much_goes_as_was_announced() => HttpRun.Run(async () =>
    {
        await File.WriteAllTextAsync(Saved, "12345").OrCanceled();
        using var content = new FileContent(Saved);
        Assert.Equal(5, content.Headers.ContentLength);
        await File.AppendAllTextAsync(Saved, "6789").OrCanceled();
        Assert.Equal("12345", await SendToAsync(content));
    });

    [Fact]
    public void A_file_that_is_made_up_when_it_is_read_is_sent() => HttpRun.Run(async () =>
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc is Linux's.");
        using var content = new FileContent("/proc/version");
        Assert.Null(content.Headers.ContentLength);
        Assert.Equal(await File.ReadAllTextAsync("/proc/version").OrCanceled(), await SendToAsync(content));
    });

    private static async Coroutine<string> SendToAsync(HttpContent content)
    {
        await using var http = new LoopHttpClient(new()
        {
            Handler = new Answering(static async (request, token) =>
            {
                var sent = new MemoryStream();
                await request.Content!.CopyToAsync(sent, token);
                return new HttpResponseMessage { Content = new ByteArrayContent(sent.ToArray()) };
            }),
        });
        return await (await http.PostAsync("http://somewhere/", content)).ReadAsStringAsync();
    }

    private async Coroutine MakePipeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What stands at a path is told on Linux.");
        (await Subprocess.RunAsync(Peer.Require("mkfifo"), [Saved])).EnsureSuccess();
    }

    private async Coroutine AssertIsStillPipeAsync()
        => Assert.Equal(0, (await Subprocess.RunShellAsync($"test -p '{Saved}' && test $(ls '{_folder}' | wc -l) = 1")).ExitCode);

    /// <summary>Loads the code that it takes: the other user may have no right to read it.</summary>
    private Coroutine SaveOnceAsync() => SaveAsync(Saved);

    private Coroutine SaveAsync() => SaveAsync(Saved);

    private async Coroutine SaveAsync(string? path = null, Action? seen = null)
    {
        await using var http = new LoopHttpClient(new()
        {
            Handler = new Answering(_ => new HttpResponseMessage { Content = new StreamContent(new WatchedStream(seen)) }),
        });
        await (await http.StreamAsync("http://somewhere/")).SaveToFileAsync(path ?? Saved);
    }

    /// <summary>Tells when its end is asked for.</summary>
    private sealed class WatchedStream(Action? onEnd) : MemoryStream(s_body)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length)
            {
                onEnd?.Invoke();
            }

            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
