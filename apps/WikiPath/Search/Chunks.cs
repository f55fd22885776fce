namespace WikiPath.Search;

/// <summary>A list that grows by pieces of 4096: nothing is copied, and nothing kept in reserve.</summary>
sealed class Chunks<T>
    where T : struct
{
    const int Bits = 12;
    const int Size = 1 << Bits;
    readonly List<T[]> _chunks = [];

    public int Count { get; private set; }

    public ref T this[int index] => ref _chunks[index >> Bits][index & (Size - 1)];

    public void Add(T item)
    {
        if (Count == _chunks.Count << Bits) _chunks.Add(new T[Size]);
        this[Count++] = item;
    }
}
