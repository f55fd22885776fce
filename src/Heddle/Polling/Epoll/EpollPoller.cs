using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Heddle.LowLevel;

namespace Heddle;

/// <summary>Waits in Linux's epoll, for sockets and for the eventfd by which other threads wake it.</summary>
internal sealed unsafe partial class EpollPoller : CountingPoller, INetworkPoller
{
    /// <summary>How many events one system call brings.</summary>
    private const int MaxEvents = 256;

    /// <summary>
    /// How many of them are served before the tasks that they woke have their turn: few enough that what was received, and
    /// what the kernel keeps of its socket, is still in the processor's nearest cache then.
    /// </summary>
    private const int EventsAtATime = 16;

    private const int SpinsBetweenLooks = 20;

    private const uint Interest = Libc.EPOLLIN | Libc.EPOLLPRI | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET;

    /// <summary>Stands for the eventfd; no slot has this number.</summary>
    private const int WakeSlot = -1;

    /// <summary><c>struct epoll_event</c> is packed on x64 only.</summary>
    private static readonly int s_dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>A timer that is due sooner than this is slept for.</summary>
    private static readonly TimeSpan s_leastToLookFor = TimeSpan.FromMilliseconds(1);

    private static readonly int s_eventSize = s_dataOffset + sizeof(ulong);

    private readonly byte[] _events = GC.AllocateArray<byte>(MaxEvents * s_eventSize, pinned: true);
    private readonly Stack<int> _freeSlots = new();
    private readonly int _epoll;
    private readonly Lock _wakeLock = new();
    private int _wake;
    private Slot[] _slots = new Slot[16];
    private int _slotCount;
    private int _reported;
    private int _served;
    private Impatience _impatience;

    internal EpollPoller(EventLoop loop)
        : base(loop)
    {
        _impatience = new Impatience(loop.MaxSpin);
        _epoll = Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC));
        _wake = Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        try
        {
            // Edge-triggered: each write is an edge, so nobody need read the counter, which takes centuries to overflow.
            Control(Check(_wake), Libc.EPOLLIN | Libc.EPOLLET, WakeSlot, 0);
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Wait(TimeSpan timeout)
    {
        if (_served == _reported)
        {
            Ask(timeout);
        }

        for (var end = Math.Min(_reported, _served + EventsAtATime); _served < end;)
        {
            Dispatch(Events + (_served++ * s_eventSize));
        }
    }

    public void Wake()
    {
        // Another thread may get here when the loop has just ended, and the number be another descriptor's by then.
        lock (_wakeLock)
        {
            if (_wake >= 0)
            {
                var one = 1UL;
                _ = Libc.write(_wake, (byte*)&one, sizeof(ulong));
            }
        }
    }

    public void Dispose()
    {
        for (var i = 0; i < _slotCount; i++)
        {
            _slots[i].Descriptor?.Close();
        }

        Close();
    }

    internal int Add(EpollDescriptor descriptor, int number)
    {
        if (!_freeSlots.TryPop(out var slot))
        {
            slot = _slotCount;
            if (slot == _slots.Length)
            {
                Array.Resize(ref _slots, _slots.Length * 2);
            }

            _slotCount++;
        }

        try
        {
            Control(number, Interest, slot, _slots[slot].Generation);
        }
        catch
        {
            _freeSlots.Push(slot);
            throw;
        }

        _slots[slot].Descriptor = descriptor;
        return slot;
    }

    /// <summary>Closing the descriptor takes it out of the epoll set; the generation makes what was reported of it already void.</summary>
    internal void Remove(int slot)
    {
        _slots[slot].Descriptor = null;
        _slots[slot].Generation++;
        _freeSlots.Push(slot);
    }

    private void Close()
    {
        lock (_wakeLock)
        {
            if (_wake >= 0)
            {
                _ = Libc.close(_wake);
                _wake = -1;
            }
        }

        _ = Libc.close(_epoll);
    }

    private void Ask(TimeSpan timeout)
    {
        var milliseconds = ToMilliseconds(timeout);
        _served = 0;
        if (milliseconds == 0 || !_impatience.IsOn)
        {
            _reported = Ask(milliseconds);
        }
        else if (_impatience.Limit is var limit and > 0 && (timeout.Ticks < 0 || timeout > s_leastToLookFor))
        {
            LookThenSleep(milliseconds, limit);
        }
        else
        {
            Sleep(milliseconds);
        }
    }

    private void LookThenSleep(int milliseconds, long limit)
    {
        var end = Stopwatch.GetTimestamp() + limit;
        do
        {
            _reported = Ask(0);
            if (_reported > 0)
            {
                _impatience.OnFoundWhileLooking();
                return;
            }

            Thread.SpinWait(SpinsBetweenLooks);
        }
        while (Stopwatch.GetTimestamp() < end);

        _impatience.OnLookedInVain();
        _reported = Ask(milliseconds);
    }

    private void Sleep(int milliseconds)
    {
        var start = Stopwatch.GetTimestamp();
        _reported = Ask(milliseconds);
        _impatience.OnSlept(Stopwatch.GetTimestamp() - start, _reported > 0);
    }

    private int Ask(int milliseconds)
    {
        var count = Libc.epoll_wait(_epoll, Events, MaxEvents, milliseconds);
        return count >= 0 ? count : Errno.Last == Errno.EINTR ? 0 : throw Errno.LastException();
    }

    private byte* Events => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_events));

    private void Dispatch(byte* reported)
    {
        var slot = Unsafe.ReadUnaligned<int>(reported + s_dataOffset);
        if (slot == WakeSlot)
        {
            return;
        }

        ref var entry = ref _slots[slot];
        if (entry.Generation == Unsafe.ReadUnaligned<uint>(reported + s_dataOffset + sizeof(int)))
        {
            entry.Descriptor?.OnEvents(Unsafe.ReadUnaligned<uint>(reported));
        }
    }

    private void Control(int descriptor, uint events, int slot, uint generation)
    {
        var entry = stackalloc byte[s_eventSize];
        Unsafe.WriteUnaligned(entry, events);
        Unsafe.WriteUnaligned(entry + s_dataOffset, slot);
        Unsafe.WriteUnaligned(entry + s_dataOffset + sizeof(int), generation);
        Check(Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, descriptor, entry));
    }

    /// <summary>Rounded up: the loop asks again if that was too short.</summary>
    private static int ToMilliseconds(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan
        ? -1
        : (int)Math.Min((timeout.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond, int.MaxValue);

    private static int Check(int result) => result < 0 ? throw Errno.LastException() : result;

    private struct Slot
    {
        internal EpollDescriptor? Descriptor;
        internal uint Generation;
    }
}
