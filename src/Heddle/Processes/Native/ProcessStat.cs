using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;

namespace Heddle;

/// <summary>What Linux says of a process in <c>/proc</c>.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">Its parent's number.</param>
/// <param name="Group">Its process group's.</param>
/// <param name="HasEnded">Whether it waits only for its parent to hear of its end.</param>
/// <param name="StartTime">In ticks since the system's start: with the number, it names the process.</param>
internal readonly record struct ProcessStat(int Id, int Parent, int Group, bool HasEnded, long StartTime)
{
    /// <summary>A name of 64 bytes at most, and 51 numbers.</summary>
    private const int MostBytes = 1200;

    internal (int Id, long StartTime) Identity => (Id, StartTime);

    /// <summary>Null if there is no such process, or it is hidden.</summary>
    internal static unsafe ProcessStat? Of(int id)
    {
        // By the system's calls: of hundreds of processes at a time, FileStream and strings would be most of what it costs.
        Span<byte> path = stackalloc byte[32];
        Utf8.TryWrite(path, CultureInfo.InvariantCulture, $"/proc/{id}/stat\0", out _);
        int descriptor;
        fixed (byte* start = path)
        {
            descriptor = Libc.open(start, Libc.SOCK_CLOEXEC, 0);
        }

        if (descriptor < 0)
        {
            return null;
        }

        var text = stackalloc byte[MostBytes];
        var count = (int)Libc.read(descriptor, text, MostBytes);
        _ = Libc.close(descriptor);
        return count > 0 ? Parse(id, new ReadOnlySpan<byte>(text, count)) : null;
    }

    /// <summary>The name, in brackets, may hold anything; the fields behind it are numbered as in proc(5).</summary>
    private static ProcessStat? Parse(int id, ReadOnlySpan<byte> text)
    {
        const int State = 3;
        const int ParentField = 4;
        const int GroupField = 5;
        const int StartField = 22;
        var fields = text[(text.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        var (state, parent, group, start) = ((byte)0, 0L, 0L, 0L);
        for (var field = State; field <= StartField; field++)
        {
            if (fields.IsEmpty)
            {
                return null;
            }

            switch (field)
            {
                case State:
                    state = fields[0];
                    break;
                case ParentField:
                    Utf8Parser.TryParse(fields, out parent, out _);
                    break;
                case GroupField:
                    Utf8Parser.TryParse(fields, out group, out _);
                    break;
                case StartField:
                    Utf8Parser.TryParse(fields, out start, out _);
                    break;
            }

            fields = fields[(fields.IndexOf((byte)' ') + 1)..];
        }

        return new ProcessStat(id, (int)parent, (int)group, state is (byte)'Z' or (byte)'X', start);
    }
}
