namespace Heddle.Tool.Tests;

/// <summary>
/// One session for the tests of a class that need no new one: most of a session's time goes by until the compiler is warm. What an input declares
/// is there in the tests after it, so the inputs are not numbered from 1.
/// </summary>
public sealed class SharedTerminal : IAsyncDisposable
{
    private TerminalSession? _session;

    internal async Task UseAsync(Func<TerminalSession, Task> test)
    {
        _session ??= await TerminalSession.StartAsync();
        try
        {
            await _session.ClearAsync();
            await test(_session);
        }
        catch
        {
            // Nobody knows what it is left in.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }
}
