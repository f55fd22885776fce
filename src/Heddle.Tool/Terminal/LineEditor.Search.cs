namespace Heddle.Tool.Terminal;

/// <content>Ctrl+R: looking for what was typed before.</content>
internal sealed partial class LineEditor
{
    /// <summary>What is looked for; null while nothing is.</summary>
    private string? _search;
    private int _found;

    /// <summary>Whether the key was meant for the search.</summary>
    private bool HandleSearch(Key key)
    {
        if (_search is null)
        {
            if (key.Kind != KeyKind.Search)
            {
                return false;
            }

            _search = "";
            _found = _history.Count;
            Draw();
            return true;
        }

        switch (key.Kind)
        {
            case KeyKind.Text:
                // A paste may hold what a terminal would act upon.
                Seek(_search + string.Concat(key.Text.Where(c => !char.IsControl(c))), _found + 1);
                return true;
            case KeyKind.Backspace when _search.Length > 0:
                Seek(_search[..(char.IsLowSurrogate(_search[^1]) ? ^2 : ^1)], _history.Count);
                return true;
            case KeyKind.Search:
                Seek(_search, _found);
                return true;
            case KeyKind.Interrupt:
                _search = null;
                _buffer.Set("");
                Draw();
                return true;
            default:
                // Whatever else ends the search, and is done to what was found.
                _search = null;
                Draw();
                return false;
        }
    }

    private void Seek(string words, int before)
    {
        _search = words;
        if (_history.Find(words, before) is >= 0 and var found)
        {
            _found = found;
            _buffer.Set(_history[found]);
        }

        Draw();
    }
}
