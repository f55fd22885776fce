namespace Heddle.Tool.Terminal;

/// <content>The thread of the keys.</content>
internal sealed partial class LineEditor
{
    /// <summary>Reads keys until there are no more.</summary>
    /// <param name="keyboard">What they come from.</param>
    /// <param name="renew">Makes the keyboard again what it was at first.</param>
    internal void Run(Stream keyboard, Action renew)
    {
        var decoder = new KeyDecoder();
        var bytes = new byte[4096];
        try
        {
            while (true)
            {
                var count = keyboard.Read(bytes);
                if (count == 0)
                {
                    // Either there is nobody any more, or somebody had the terminal not wait for keys.
                    renew();
                    count = keyboard.Read(bytes);
                }

                if (count == 0)
                {
                    break;
                }

                _isInBatch = true;
                foreach (var key in decoder.Decode(bytes.AsSpan(0, count)))
                {
                    OnKey(key);
                }

                EndBatch();
            }
        }
        catch (IOException)
        {
            // The terminal was closed.
        }

        lock (_gate)
        {
            _hasEnded = true;
            if (_onInput is not null)
            {
                Submit(null);
            }
        }
    }

    /// <summary>Draws once for all keys that came together.</summary>
    private void EndBatch()
    {
        lock (_gate)
        {
            _isInBatch = false;
            if (_isStale && _onInput is not null)
            {
                DrawNow();
            }
        }
    }

    private void OnKey(Key key)
    {
        if (key.Kind == KeyKind.Tasks)
        {
            TasksAsked?.Invoke();
            return;
        }

        var isInterrupt = false;
        lock (_gate)
        {
            if (_onInput is not null)
            {
                Handle(key);
            }
            else if (key.Kind == KeyKind.Interrupt)
            {
                // As a shell does: what was typed ahead was meant for what is given up now.
                _typedAhead.Clear();
                isInterrupt = true;
            }
            else
            {
                _typedAhead.Enqueue(key);
            }
        }

        if (isInterrupt)
        {
            Interrupted?.Invoke();
        }
    }
}
