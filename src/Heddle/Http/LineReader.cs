using System.Globalization;
using System.Text;

namespace Heddle;

/// <summary>A body in lines. Bytes are decoded as they come, so a character that is split between two pieces is whole.</summary>
internal sealed class LineReader : IPieceReader<string>
{
    private readonly BodySource _source;
    private readonly LoopHttpResponse _response;
    private readonly Decoder _decoder;
    private readonly int _maxLength;
    private char[] _text = new char[1024];
    private int _start;
    private int _searched;
    private int _end;
    private bool _isAtStart = true;
    private bool _isLast;

    internal LineReader(LoopHttpResponse response, int maxLength)
    {
        _response = response;
        _maxLength = maxLength;
        _decoder = BodyText.EncodingOf(response.BodyHeaders, response.Exchange).GetDecoder();
        _source = new BodySource(response);
    }

    public string Current { get; private set; } = "";

    public bool? TryMove()
    {
        while (true)
        {
            if (TryTakeLine() is { } isThere)
            {
                return isThere;
            }

            if (_source.TryNext() is not { } piece)
            {
                return null;
            }

            Add(piece.Span);
        }
    }

    public async Coroutine<bool> MoveAsync()
    {
        while (true)
        {
            Add((await _source.WaitForNextAsync()).Span);
            if (TryMove() is { } isThere)
            {
                return isThere;
            }
        }
    }

    public void Leave() => _source.Leave();

    /// <summary>True for a line, false at the end; null if more has to be read.</summary>
    private bool? TryTakeLine()
    {
        var at = _text.AsSpan(_searched, _end - _searched).IndexOf('\n');
        if (at >= 0)
        {
            Take(_searched + at, _searched + at + 1);
            return true;
        }

        _searched = _end;

        // One more may be a CR that belongs to the line's end.
        if (_end - _start > _maxLength + 1)
        {
            ThrowTooLong();
        }

        if (!_isLast)
        {
            return null;
        }

        if (_start == _end)
        {
            return false;
        }

        Take(_end, _end);
        return true;
    }

    private void Take(int end, int next)
    {
        var line = _text.AsSpan(_start, end - _start);
        if (next > end && line is [.., '\r'])
        {
            line = line[..^1];
        }

        if (line.Length > _maxLength)
        {
            ThrowTooLong();
        }

        Current = line.ToString();
        _start = _searched = next;
    }

    private void Add(ReadOnlySpan<byte> piece)
    {
        _isLast = piece.IsEmpty;
        var count = _decoder.GetCharCount(piece, flush: _isLast);
        MakeRoom(count);
        var added = _decoder.GetChars(piece, _text.AsSpan(_end), flush: _isLast);
        if (_isAtStart && added > 0)
        {
            _isAtStart = false;
            if (_text[_end] == '\uFEFF')
            {
                _start = _searched = _end + 1;
            }
        }

        _end += added;
    }

    private void MakeRoom(int count)
    {
        if (_start > 0)
        {
            _text.AsSpan(_start, _end - _start).CopyTo(_text);
            _end -= _start;
            _searched -= _start;
            _start = 0;
        }

        if (_end + count > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_end + count, _text.Length * 2));
        }
    }

    private void ThrowTooLong() => throw new InvalidDataException(string.Create(
        CultureInfo.InvariantCulture,
        $"A line of the body of {_response} is longer than {_maxLength} characters. Either it is no text in lines, or maxLength of "
        + $"ReadLinesAsync has to be raised; ReadChunksAsync has no such limit."));
}
