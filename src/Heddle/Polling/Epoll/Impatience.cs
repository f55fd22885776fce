using System.Diagnostics;

namespace Heddle;

/// <summary>Decides whether a poller looks again and again for a moment before it sleeps.</summary>
/// <remarks>
/// Going to sleep and being woken costs a processor tens of microseconds, more than many a request takes. Where what is
/// waited for keeps coming sooner than that, looking for it costs less than sleeping, in time and in work. So it
/// is done only after several short waits in a row; and each time in vain it is left out for twice as many waits as before.
/// </remarks>
internal struct Impatience(TimeSpan most)
{
    /// <summary>So many waits that were short have to come first.</summary>
    private const int ShortWaitsFirst = 8;

    private const int MostWaitsLeftOut = 1024;

    /// <summary>A wait that slept counts as short up to this multiple of the limit, since it was woken late.</summary>
    private const int Lateness = 2;

    private readonly long _most = (long)(most.TotalSeconds * Stopwatch.Frequency);
    private int _shortWaits;
    private int _leftOutNext;

    /// <summary>For how long to look, in ticks of the <see cref="Stopwatch"/>; zero to sleep at once.</summary>
    internal readonly long Limit => _shortWaits >= ShortWaitsFirst ? _most : 0;

    /// <summary>Whether how long a wait takes is of interest.</summary>
    internal readonly bool IsOn => _most > 0;

    internal void OnFoundWhileLooking() => _leftOutNext = 0;

    internal void OnLookedInVain()
    {
        _leftOutNext = Math.Clamp(_leftOutNext * 2, ShortWaitsFirst, MostWaitsLeftOut);
        _shortWaits = ShortWaitsFirst - _leftOutNext;
    }

    /// <summary>It slept for so long, until something came or its time was over.</summary>
    internal void OnSlept(long ticks, bool somethingCame)
    {
        if (somethingCame && ticks <= _most * Lateness)
        {
            _shortWaits = Math.Min(_shortWaits + 1, ShortWaitsFirst);
        }
        else
        {
            _shortWaits = Math.Min(_shortWaits, 0);
        }
    }
}
