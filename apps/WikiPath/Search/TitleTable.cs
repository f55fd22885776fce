using System.Buffers;
using System.Text;

namespace WikiPath.Search;

/// <summary>
/// Numbers titles in the order they are met, and keeps each once, as UTF-8: a search meets millions of them.
/// </summary>
sealed class TitleTable
{
    // A title never spans two blocks. Its place is the block's number and where it starts there.
    const int BlockBits = 16;
    const int BlockSize = 1 << BlockBits;

    readonly List<byte[]> _blocks = [];
    readonly Chunks<int> _places = new();
    int[] _slots = new int[1024];       // open addressing; a title's number plus one, or 0
    int _used = BlockSize;              // of the last block

    public int Count => _places.Count;

    public string this[int id] => Encoding.UTF8.GetString(Bytes(id));

    public int IdOf(string title)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(title.Length));
        var bytes = buffer.AsSpan(0, Encoding.UTF8.GetBytes(title, buffer));
        var slot = SlotOf(bytes);
        var id = _slots[slot] - 1;
        if (id < 0)
        {
            id = Count;
            _places.Add(Store(bytes));
            _slots[slot] = id + 1;
            if (Count * 4L > _slots.Length * 3L) Grow();
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return id;
    }

    public bool TryGetId(string title, out int id)
    {
        id = _slots[SlotOf(Encoding.UTF8.GetBytes(title))] - 1;
        return id >= 0;
    }

    /// <summary>The order of code points, which is that of the bytes too.</summary>
    public int Compare(int a, int b) => Bytes(a).SequenceCompareTo(Bytes(b));

    ReadOnlySpan<byte> Bytes(int id)
    {
        var place = _places[id];
        var block = _blocks[place >> BlockBits];
        var start = place & (BlockSize - 1);
        return block.AsSpan(start + 2, block[start] | block[start + 1] << 8);
    }

    int Store(ReadOnlySpan<byte> title)
    {
        if (title.Length + 2 > BlockSize) throw new ArgumentException("No wiki has titles this long.", nameof(title));
        if (_used + title.Length + 2 > BlockSize)
        {
            _blocks.Add(new byte[BlockSize]);
            _used = 0;
        }
        var place = (_blocks.Count - 1) << BlockBits | _used;
        var block = _blocks[^1];
        block[_used] = (byte)title.Length;
        block[_used + 1] = (byte)(title.Length >> 8);
        title.CopyTo(block.AsSpan(_used + 2));
        _used += title.Length + 2;
        return place;
    }

    // The title's slot, or the free one where it belongs.
    int SlotOf(ReadOnlySpan<byte> title)
    {
        var slot = FirstSlot(title);
        while (_slots[slot] != 0 && !Bytes(_slots[slot] - 1).SequenceEqual(title)) slot = (slot + 1) & (_slots.Length - 1);
        return slot;
    }

    int FirstSlot(ReadOnlySpan<byte> title)
    {
        var hash = new HashCode();
        hash.AddBytes(title);
        return hash.ToHashCode() & (_slots.Length - 1);
    }

    void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (var id = 0; id < Count; id++)
        {
            var slot = FirstSlot(Bytes(id));
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = id + 1;
        }
    }
}
