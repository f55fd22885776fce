using System.Diagnostics.CodeAnalysis;
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

    public string Name { get; }

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
            _ when IsWebAddress(text) && new Uri(text) is { PathAndQuery: "/" } site =>
                AtUsualPlaces(text, site.GetLeftPart(UriPartial.Authority)),
            _ when IsWebAddress(text) => new WikiAddress(text, text),
            _ => null,
        };
        return address is not null;
    }

    static WikiAddress AtUsualPlaces(string name, string site) => new(name, $"{site}/w/api.php", $"{site}/api.php");

    static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0;

    [GeneratedRegex("^[a-z]{2,12}(-[a-z]{2,12})*$")]
    private static partial Regex Language();

    [GeneratedRegex(@"^[\w.-]+(:\d+)?$")]
    private static partial Regex Host();
}
