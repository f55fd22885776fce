namespace WikiPath.Sample;

/// <summary>The parameters of one call to the API in memory.</summary>
sealed class ApiParameters
{
    const int MostTitles = 50;
    readonly int _mostRows;
    readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public ApiParameters(string query, int mostRows)
    {
        _mostRows = mostRows;
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Replace('+', ' ').Split('=', 2);
            _values[Uri.UnescapeDataString(parts[0])] = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
        }
    }

    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>A list's values, divided by | or, when it starts with U+001F, by that.</summary>
    public string[] List(string name)
    {
        if (this[name] is not { Length: > 0 } value) return [];
        return value[0] == '\u001f' ? value[1..].Split('\u001f') : value.Split('|');
    }

    public string[] Titles(string name)
    {
        var titles = List(name);
        if (titles.Length <= MostTitles) return titles;
        throw new ApiErrorException(
            "toomanyvalues", $"Too many values supplied for parameter \"{name}\". The limit is {MostTitles}.");
    }

    public int Limit(string name) => this[name] switch
    {
        null => Math.Min(10, _mostRows),
        "max" => _mostRows,
        var number when int.TryParse(number, out var limit) && limit > 0 => Math.Min(limit, _mostRows),
        var other =>
            throw new ApiErrorException("badinteger", $"Invalid value \"{other}\" for integer parameter \"{name}\"."),
    };
}

/// <summary>An error that the API answers with HTTP status 200.</summary>
sealed class ApiErrorException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
