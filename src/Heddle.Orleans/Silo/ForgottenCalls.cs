namespace Heddle.Orleans;

/// <summary>
/// The identities of calls that a silo has had and keeps no longer, so that a message that comes very late does not run one again. Each is known for
/// two to four minutes: longer than a message can be under way, and than a caller asks without an answer. Any thread.
/// </summary>
internal sealed class ForgottenCalls
{
    private static readonly TimeSpan s_turn = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private HashSet<Guid> _older = [];
    private HashSet<Guid> _newer = [];
    private long _turned = Environment.TickCount64;

    internal void Add(Guid id)
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            if (now - _turned > s_turn.TotalMilliseconds)
            {
                (_older, _newer, _turned) = (_newer, [], now);
            }

            _newer.Add(id);
        }
    }

    internal bool Has(Guid id)
    {
        lock (_gate)
        {
            return _newer.Contains(id) || _older.Contains(id);
        }
    }
}
