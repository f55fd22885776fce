using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace WikiPath.MediaWiki;

/// <summary>Which wiki to ask, as the user named it, and where its API may be.</summary>
public sealed partial class WikiAddress
{
    const string SampleName = "sample";

    WikiAddress(string name, params string[] endpoints)
    {
        Name = name;
        Endpoints = Array.ConvertAll(endpoints, endpoint => new Uri(endpoint));
    }

    /// <summary>As the user named it, without a password.</summary>
    public string Name { get; }

    /// <summary>The user's name and password as a header has them; null for none. They are shown nowhere.</summary>
    internal string? Authorization { get; private init; }

    /// <summary>The addresses to try, the likeliest first.</summary>
    public IReadOnlyList<Uri> Endpoints { get; }

    /// <summary>Whether this is the wiki that the program carries in itself.</summary>
    public bool IsSample => Name == SampleName;

    /// <summary>
    /// Understands <c>sample</c>, a language of Wikipedia, a host, or the address of a site or of its <c>api.php</c>.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out WikiAddress? address)
    {
        address = text switch
        {
            SampleName => new WikiAddress(text, "http://sample.invalid/api.php"),
            _ when Language().IsMatch(text) && text != "localhost" =>
                new WikiAddress(text, $"https://{text}.wikipedia.org/w/api.php"),
            _ when Host().IsMatch(text) && IsWebAddress($"https://{text}/") => AtUsualPlaces(text, $"https://{text}"),
            _ when IsWebAddress(text) => OfWeb(text, new Uri(text)),
            _ => null,
        };
        return address is not null;
    }

    /// <summary>A text that may be the address of a wiki, with no name or password that stands in it.</summary>
    public static string WithoutUser(string text)
    {
        // The last sign of all: what stands before it may hold the others.
        var end = text.LastIndexOf('@');
        var start = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme && scheme < end ? scheme + 3 : 0;
        return end < 0 ? text : $"{text[..start]}…{text[end..]}";
    }

    static WikiAddress? OfWeb(string text, Uri uri)
    {
        // One that is not written as %40 may stand in a password whose first half looks like a host and a port.
        if (text.Count(letter => letter == '@') != (uri.UserInfo.Length > 0 ? 1 : 0)) return null;
        var site = uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        var name = uri.UserInfo.Length > 0 ? $"{site}{uri.PathAndQuery}" : text;
        var address = uri.PathAndQuery == "/" ? AtUsualPlaces(name, site) : new WikiAddress(name, name);
        if (uri.UserInfo.Length == 0) return address;
        var user = Uri.UnescapeDataString(uri.UserInfo);
        if (!uri.UserInfo.Contains(':', StringComparison.Ordinal)) user += ':';
        return new WikiAddress(name, [.. address.Endpoints.Select(endpoint => endpoint.ToString())])
        {
            Authorization = Convert.ToBase64String(Encoding.UTF8.GetBytes(user)),
        };
    }

    static WikiAddress AtUsualPlaces(string name, string site) => new(name, $"{site}/w/api.php", $"{site}/api.php");

    static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    [GeneratedRegex("^[a-z]{2,12}(-[a-z]{2,12})*$")]
    private static partial Regex Language();

    [GeneratedRegex(@"^[\w.-]+(:\d+)?$")]
    private static partial Regex Host();
}
