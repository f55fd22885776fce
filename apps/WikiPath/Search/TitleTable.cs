using System.Runtime.InteropServices;

namespace WikiPath.Search;

/// <summary>
/// Numbers titles in the order they are met, so that a search of a million pages keeps each title once.
/// </summary>
sealed class TitleTable
{
    readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    readonly List<string> _titles = [];

    public int Count => _titles.Count;

    public string this[int id] => _titles[id];

    public int IdOf(string title)
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, title, out var known);
        if (!known)
        {
            id = _titles.Count;
            _titles.Add(title);
        }
        return id;
    }

    public bool TryGetId(string title, out int id) => _ids.TryGetValue(title, out id);
}
