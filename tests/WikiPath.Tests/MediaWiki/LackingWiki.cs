using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace WikiPath.Tests.MediaWiki;

/// <summary>How wikis have said it over the years that they did not understand a part of a question.</summary>
public enum WarningFormat
{
    /// <summary>A module that <c>ApiQueryDisabled</c> stands for.</summary>
    Disabled,

    /// <summary>As <c>errorformat=plaintext</c> has it, here in a language that is not English.</summary>
    WithCode,

    /// <summary>Of wikis that do not know <c>errorformat</c>.</summary>
    WithoutCode,
}

/// <summary>
/// Takes modules of <c>prop</c> away from a wiki. It answers the rest of a question and warns, which is what MediaWiki does.
/// </summary>
sealed class LackingWiki(HttpMessageHandler wiki, WarningFormat format, params string[] lacking) : DelegatingHandler(wiki)
{
    static readonly Dictionary<string, string> s_prefixes =
        new() { ["linkshere"] = "lh", ["redirects"] = "rd", ["links"] = "pl", ["pageprops"] = "pp" };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var text = request.Content is null
            ? request.RequestUri!.Query.TrimStart('?')
            : await request.Content.ReadAsStringAsync(cancellationToken);
        var asked = text.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var modules = Uri.UnescapeDataString(asked.GetValueOrDefault("prop", "")).Split('|');
        var unknown = modules.Intersect(lacking).ToArray();
        var parameters = asked.Keys
            .Where(name => unknown.Any(module => name.StartsWith(s_prefixes[module], StringComparison.Ordinal))).ToArray();
        asked["prop"] = string.Join('|', modules.Except(unknown));
        if (asked["prop"].Length == 0) asked.Remove("prop");
        foreach (var name in parameters) asked.Remove(name);

        using var rest = new HttpRequestMessage(
            HttpMethod.Get, $"{request.RequestUri!.GetLeftPart(UriPartial.Path)}?{string.Join('&', asked.Select(pair => $"{pair.Key}={pair.Value}"))}");
        using var response = await base.SendAsync(rest, cancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!;
        if (unknown.Length > 0) answer["warnings"] = Warnings(unknown, parameters);
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json"),
            RequestMessage = request,
        };
    }

    JsonNode Warnings(string[] unknown, string[] parameters)
    {
        var values = $"Unrecognized value for parameter 'prop': {string.Join(", ", unknown)}";
        var names = $"Unrecognized parameters: '{string.Join("', '", parameters)}'";
        return format switch
        {
            WarningFormat.Disabled => new JsonArray(
                [.. unknown.Select(module => Warning("moduledisabled", $"The \"{module}\" module has been disabled.", $"query+{module}"))]),
            WarningFormat.WithCode => new JsonArray(
                Warning("unrecognizedvalues", $"Нераспознанное значение для параметра «prop»: {string.Join(", ", unknown)}", "query"),
                Warning("unrecognizedparams", $"Нераспознанные параметры: {string.Join(", ", parameters)}.", "main")),
            _ => new JsonObject
            {
                ["main"] = new JsonObject { ["warnings"] = $"Unrecognized parameter: 'errorformat'\n{names}" },
                ["query"] = new JsonObject { ["warnings"] = values },
            },
        };
    }

    static JsonObject Warning(string code, string text, string module) =>
        new() { ["code"] = code, ["text"] = text, ["module"] = module };
}
