using Heddle.Tool.Scripting;

namespace Heddle.Tool.Terminal;

/// <summary>The prompt: takes keys on a thread of its own, so that typing goes on while the loop computes.</summary>
/// <remarks>Between two inputs, while one runs, keys are kept for the next prompt; but for Ctrl+C and Ctrl+T, which are meant for now.</remarks>
internal sealed partial class LineEditor
{
    private const string LeaveHint = "(Ctrl+C again, or Ctrl+D, leaves)";

    private readonly Lock _gate = new();
    private readonly LineBuffer _buffer = new();
    private readonly Queue<Key> _typedAhead = [];
    private readonly Screen _screen;
    private readonly History _history;
    private readonly ILanguage _language;
    private readonly Theme _theme;
    private Action<string?>? _onInput;
    private bool _wasInterrupted;
    private bool _wasTab;
    private bool _isInBatch;
    private bool _isStale;
    private bool _hasEnded;

    internal LineEditor(Screen screen, History history, ILanguage language, Theme theme)
    {
        _screen = screen;
        _history = history;
        _language = language;
        _theme = theme;
    }

    /// <summary>Called for a Ctrl+C while no prompt is shown. On the thread of the keys.</summary>
    internal Action? Interrupted { get; set; }

    /// <summary>Called for Ctrl+T, at any time. On the thread of the keys.</summary>
    internal Action? TasksAsked { get; set; }

    /// <summary>Shows the prompt.</summary>
    /// <param name="onInput">Called once, with the input, or with null when the user leaves. On either thread.</param>
    internal void Prompt(Action<string?> onInput)
    {
        lock (_gate)
        {
            _onInput = onInput;
            _buffer.Set("");
            if (_hasEnded)
            {
                Submit(null);
                return;
            }

            DrawNow();
            while (_onInput is not null && _typedAhead.TryDequeue(out var key))
            {
                Handle(key);
            }
        }
    }

    private void Handle(Key key)
    {
        var wasInterrupted = _wasInterrupted;
        var wasTab = _wasTab;
        _wasInterrupted = _wasTab = false;
        if (HandleSearch(key))
        {
            return;
        }

        switch (key.Kind)
        {
            case KeyKind.Enter:
                Enter();
                break;
            case KeyKind.Tab:
                Complete(listAll: wasTab);
                _wasTab = true;
                break;
            case KeyKind.Interrupt:
                Interrupt(wasInterrupted);
                break;
            case KeyKind.EndOfInput when _buffer.IsEmpty:
                Submit(null);
                break;
            case KeyKind.Up when _buffer.IsOnFirstLine:
                Recall(_history.Older(_buffer.Text));
                break;
            case KeyKind.Down when _buffer.IsOnLastLine:
                Recall(_history.Newer());
                break;
            case KeyKind.ClearScreen:
                _screen.Clear();
                break;
            default:
                Edit(key);
                Draw();
                break;
        }
    }

    private void Edit(Key key)
    {
        Action edit = key.Kind switch
        {
            KeyKind.Text => () => _buffer.Insert(key.Text),
            KeyKind.NewLine => _buffer.InsertLine,
            KeyKind.Backspace => _buffer.DeleteLeft,
            KeyKind.Delete or KeyKind.EndOfInput => _buffer.DeleteRight,
            KeyKind.Left => _buffer.MoveLeft,
            KeyKind.Right => _buffer.MoveRight,
            KeyKind.Up => _buffer.MoveUp,
            KeyKind.Down => _buffer.MoveDown,
            KeyKind.Home => _buffer.MoveHome,
            KeyKind.End => _buffer.MoveEnd,
            KeyKind.WordLeft => _buffer.MoveWordLeft,
            KeyKind.WordRight => _buffer.MoveWordRight,
            KeyKind.DeleteWordLeft => _buffer.DeleteWordLeft,
            KeyKind.DeleteWordRight => _buffer.DeleteWordRight,
            KeyKind.CutToEnd => _buffer.CutToEnd,
            KeyKind.CutToStart => _buffer.CutToStart,
            KeyKind.PasteCut => _buffer.PasteCut,
            _ => static () => { },
        };
        edit();
    }

    /// <summary>Ends the input if it is whole; else it goes on on the next line.</summary>
    private void Enter()
    {
        if (_language.IsComplete(_buffer.Text))
        {
            Submit(_buffer.Text);
        }
        else
        {
            _buffer.InsertLine();
            Draw();
        }
    }

    private void Interrupt(bool isSecond)
    {
        if (!_buffer.IsEmpty)
        {
            _buffer.MoveToEnd();
            DrawNow();
            _screen.Leave("^C");
            _buffer.Set("");
            DrawNow();
        }
        else if (isSecond)
        {
            Submit(null);
        }
        else
        {
            _screen.Write(_theme.Dim(LeaveHint) + "\n");
            _wasInterrupted = true;
        }
    }

    private void Recall(string? entry)
    {
        if (entry is not null)
        {
            _buffer.Set(entry);
            Draw();
        }
    }

    private void Complete(bool listAll)
    {
        var line = _buffer.Text[.._buffer.Cursor];
        if (string.IsNullOrWhiteSpace(line[(line.LastIndexOf('\n') + 1)..]))
        {
            _buffer.Insert("\t");
            Draw();
            return;
        }

        var (start, words) = _language.Complete(_buffer.Text, _buffer.Cursor);
        var common = Columns.CommonStart(words);
        if (common.Length > _buffer.Cursor - start || words.Count == 1)
        {
            _buffer.Replace(start, common);
            Draw();
        }
        else if (listAll && words.Count > 0)
        {
            _screen.Write(Columns.Of(words, _screen.Width));
        }
    }

    private void Submit(string? text)
    {
        _buffer.MoveToEnd();
        DrawNow();
        _screen.Leave();
        if (text is not null)
        {
            _history.Add(text);
        }

        var onInput = _onInput!;
        _onInput = null;
        onInput(text);
    }

    private void Draw()
    {
        _isStale = true;
        if (!_isInBatch)
        {
            DrawNow();
        }
    }

    private void DrawNow()
    {
        _isStale = false;
        _screen.Show(View());
    }

    private PromptView View() => new(
        _search is null ? _theme.Prompt(">>> ") : _theme.Dim($"(search '{DisplayWidth.Cut(_search, _screen.Width / 2)}') "), _theme.Dim("... "), _buffer.Text, _buffer.Cursor);
}
