using System.Numerics;

namespace Heddle;

/// <summary>A hierarchical timing wheel: six levels of 64 slots, the finest of one millisecond.</summary>
/// <remarks>
/// Setting and cancelling cost O(1) and allocate nothing, and a cancelled timer leaves nothing behind. A timer never
/// fires early, and at most a millisecond after it is due. Within a slot timers fire by (due, sequence), so the order is
/// exact and repeatable. After G. Varghese and T. Lauck, "Hashed and Hierarchical Timing Wheels", SOSP 1987.
/// </remarks>
/// <param name="onThrown">Told what a timer threw; the others fire all the same.</param>
internal sealed class TimerWheel(Action<Exception> onThrown)
{
    private const int LevelBits = 6;
    private const int SlotsPerLevel = 1 << LevelBits;
    private const int Levels = 6;

    /// <summary>Further off than that (over two years) a timer is dealt out again on the way; it stays off the slot that holds now.</summary>
    private const long LongestStep = (1L << (Levels * LevelBits)) - (1L << ((Levels - 1) * LevelBits));

    /// <summary>The last one that ticks of the loop's time reach. What is due later than that fires with it, and what is set after it never does.</summary>
    private const long LastTick = long.MaxValue / TimeSpan.TicksPerMillisecond;

    private readonly Slot[] _slots = new Slot[Levels * SlotsPerLevel];
    private readonly ulong[] _occupied = new ulong[Levels];
    private readonly List<TimerNode> _firing = [];
    private long _elapsed;
    private long _sequence;
    private bool _isTurning;

    internal int Count { get; private set; }

    /// <summary>Sets the timer. It must be idle.</summary>
    /// <param name="timer">The timer to set.</param>
    /// <param name="due">In ticks of the loop's time.</param>
    internal void Schedule(TimerNode timer, long due)
    {
        timer.Due = due;
        timer.Sequence = _sequence++;
        Count++;
        Insert(timer);
    }

    /// <summary>Takes the timer out; nothing happens if it is idle.</summary>
    internal void Cancel(TimerNode timer)
    {
        if (timer.Slot >= 0)
        {
            Count--;
            Unlink(timer);
        }

        timer.Slot = TimerNode.Idle;
    }

    /// <summary>When <see cref="Advance"/> should next be called, in ticks; null when no timer is set. May be early, never late.</summary>
    internal long? NextDue() => NextSlot(out _, out var start) && start <= LastTick ? InTicks(start) : null;

    /// <summary>When the first timer is due, to the millisecond. It looks at all timers that are about as far off.</summary>
    internal long? FirstDue()
    {
        if (!NextSlot(out var slot, out var start))
        {
            return null;
        }

        if (slot >= SlotsPerLevel)
        {
            // What lies beyond the slot is only passing through it on its way.
            var end = start + (1L << (slot / SlotsPerLevel * LevelBits));
            var first = long.MaxValue;
            for (var timer = _slots[slot].First; timer is not null; timer = timer.NextTimer)
            {
                first = Math.Min(first, Tick(timer.Due) is var tick && tick < end ? tick : start);
            }

            start = Math.Max(start, first);
        }

        return start <= LastTick ? InTicks(start) : null;
    }

    /// <summary>Fires all that is due at the given time, in order.</summary>
    internal void Advance(long nowTicks)
    {
        var now = nowTicks / TimeSpan.TicksPerMillisecond;
        _isTurning = true;
        while (NextSlot(out var slot, out var start) && start <= now)
        {
            _elapsed = Math.Max(_elapsed, start);
            EmptySlot(slot);
        }

        _isTurning = false;
        _elapsed = Math.Max(_elapsed, now);
    }

    /// <summary>A slot of the finest level fires; one of a coarser level is dealt out to finer ones.</summary>
    private void EmptySlot(int slot)
    {
        var timer = _slots[slot].First;
        _slots[slot].First = null;
        _occupied[slot / SlotsPerLevel] &= ~(1UL << (slot % SlotsPerLevel));
        while (timer is not null)
        {
            var next = timer.NextTimer;
            timer.NextTimer = timer.PreviousTimer = null;
            if (Tick(timer.Due) <= _elapsed)
            {
                timer.Slot = TimerNode.Firing;
                Count--;
                _firing.Add(timer);
            }
            else
            {
                Insert(timer);
            }

            timer = next;
        }

        FireInOrder();
    }

    private void FireInOrder()
    {
        if (_firing.Count > 1)
        {
            _firing.Sort(static (a, b) => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Sequence.CompareTo(b.Sequence));
        }

        for (var i = 0; i < _firing.Count; i++)
        {
            var timer = _firing[i];
            if (timer.Slot == TimerNode.Firing)
            {
                timer.Slot = TimerNode.Idle;
                try
                {
                    timer.Fire();
                }
                catch (Exception failure)
                {
                    onThrown(failure);
                }
            }
        }

        _firing.Clear();
    }

    /// <summary>Rounds up, so that no timer fires early.</summary>
    private static long Tick(long due)
        => Math.Min((long)(((ulong)due + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond), LastTick);

    private static long InTicks(long tick) => tick == LastTick ? long.MaxValue : tick * TimeSpan.TicksPerMillisecond;

    private void Insert(TimerNode timer)
    {
        // The level is that of the highest bit in which the tick differs from now.
        // What is due now while the wheel turns waits for the next tick, or a callback that sets its timer anew could stop the loop.
        var tick = Math.Max(Tick(timer.Due), _isTurning ? _elapsed + 1 : _elapsed);
        tick = Math.Min(tick, _elapsed + LongestStep);
        var level = (63 - BitOperations.LeadingZeroCount((ulong)(tick ^ _elapsed) | (SlotsPerLevel - 1))) / LevelBits;
        level = Math.Min(level, Levels - 1);
        var index = (int)(tick >> (level * LevelBits)) & (SlotsPerLevel - 1);
        var slot = (level * SlotsPerLevel) + index;

        timer.Slot = (short)slot;
        ref var first = ref _slots[slot].First;
        if (first is not null)
        {
            timer.NextTimer = first;
            first.PreviousTimer = timer;
        }

        first = timer;
        _occupied[level] |= 1UL << index;
    }

    private void Unlink(TimerNode timer)
    {
        if (timer.NextTimer is not null)
        {
            timer.NextTimer.PreviousTimer = timer.PreviousTimer;
        }

        if (timer.PreviousTimer is not null)
        {
            timer.PreviousTimer.NextTimer = timer.NextTimer;
        }
        else
        {
            _slots[timer.Slot].First = timer.NextTimer;
            if (timer.NextTimer is null)
            {
                _occupied[timer.Slot / SlotsPerLevel] &= ~(1UL << (timer.Slot % SlotsPerLevel));
            }
        }

        timer.NextTimer = timer.PreviousTimer = null;
    }

    /// <summary>The slot whose time comes first, and the tick at which it begins.</summary>
    private bool NextSlot(out int slot, out long start)
    {
        for (var level = 0; level < Levels; level++)
        {
            if (_occupied[level] == 0)
            {
                continue;
            }

            // All slots of a level lie ahead of now, or hold it: the first one counted from now comes first.
            var shift = level * LevelBits;
            var current = (int)(_elapsed >> shift) & (SlotsPerLevel - 1);
            var ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[level], current));
            slot = (level * SlotsPerLevel) + ((current + ahead) & (SlotsPerLevel - 1));
            start = ((_elapsed >> shift) + ahead) << shift;
            return true;
        }

        slot = -1;
        start = 0;
        return false;
    }

    /// <summary>An array of structs needs no check of the element's type when it is written.</summary>
    private struct Slot
    {
        internal TimerNode? First;
    }
}
