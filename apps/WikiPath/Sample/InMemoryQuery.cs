using System.Text.Json.Nodes;

namespace WikiPath.Sample;

/// <summary>One call of <c>action=query</c> on a wiki in memory.</summary>
sealed class InMemoryQuery(WikiContent wiki, ApiParameters parameters)
{
    readonly JsonObject _query = [];
    readonly JsonObject _next = [];

    public JsonObject Run()
    {
        if (parameters["action"] != "query")
        {
            throw new ApiErrorException(
                "badvalue", $"Unrecognized value for parameter \"action\": {parameters["action"]}.");
        }
        if (parameters.List("meta").Contains("siteinfo"))
        {
            _query["general"] =
                new JsonObject { ["sitename"] = "Sample", ["generator"] = "WikiPath", ["case"] = "first-letter" };
        }
        if (parameters.List("list").Contains("prefixsearch")) WriteSuggestions();
        var titles = new TitleSet(wiki, Titles(out var generated), parameters.Has("redirects"));
        WriteProperties(titles);
        titles.WriteTo(_query);

        var answer = new JsonObject();
        if (generated || !_next.ContainsKey("continue")) answer["batchcomplete"] = true;
        if (_next.Count > 0) answer["continue"] = _next;
        answer["query"] = _query;
        return answer;
    }

    IEnumerable<string> Titles(out bool generated)
    {
        generated = parameters["generator"] == "links";
        if (!generated) return parameters.Titles("titles");
        var sources = new TitleSet(wiki, parameters.Titles("titles"), parameters.Has("redirects"));
        var targets = new List<string>();
        var mark = new PageRows("links", "gpl", Links(sources)).Take(parameters, row => targets.Add(row.Title));
        if (mark is not null)
        {
            _next["gplcontinue"] = mark;
            _next["continue"] = "gplcontinue||";
        }
        return targets;
    }

    void WriteProperties(TitleSet titles)
    {
        // What an earlier call completed is named behind the bars of "continue".
        var done = parameters["continue"]?.Split("||", 2).ElementAtOrDefault(1)?.Split('|') ?? [];
        var open = false;
        foreach (var property in parameters.List("prop").Except(done))
        {
            if (property == "pageprops") WritePageProperties(titles);
            var complete = RowsOf(property, titles)?.Write(parameters, titles.Answers, _next) ?? true;
            if (complete) done = [.. done, property];
            else open = true;
        }
        if (open) _next["continue"] = $"||{string.Join('|', done)}";
    }

    PageRows? RowsOf(string property, TitleSet titles) => property switch
    {
        "links" => new PageRows("links", "pl", Links(titles)),
        "linkshere" => new PageRows("linkshere", "lh", LinksHere(titles)),
        "redirects" => new PageRows("redirects", "rd", titles.Answers.Keys.SelectMany(title => wiki.LinksTo(title)
            .Where(page => page.RedirectsTo == title).Select(page => new PageRow(title, page.Id, page.Title)))),
        "info" or "pageprops" => null,
        _ => throw new ApiErrorException("badvalue", $"Unrecognized value for parameter \"prop\": {property}."),
    };

    IEnumerable<PageRow> Links(TitleSet titles)
    {
        var wanted = parameters.Has("pltitles")
            ? parameters.Titles("pltitles").Select(PageTitle.Normalize).ToHashSet()
            : null;
        return titles.Pages.OrderBy(page => page.Id).SelectMany(page => page.Links
            .Where(link => wanted is null || wanted.Contains(link))
            .Select(link => new PageRow(page.Title, page.Id, link)));
    }

    IEnumerable<PageRow> LinksHere(TitleSet titles)
    {
        var show = parameters.List("lhshow");
        return titles.Answers.Keys.SelectMany(title => wiki.LinksTo(title)
            .Where(page => !show.Contains(page.RedirectsTo is null ? "redirect" : "!redirect"))
            .Select(page => new PageRow(title, page.Id, page.Title)));
    }

    void WritePageProperties(TitleSet titles)
    {
        foreach (var page in titles.Pages.Where(page => page.IsDisambiguation))
        {
            titles.Answers[page.Title]["pageprops"] = new JsonObject { ["disambiguation"] = "" };
        }
    }

    void WriteSuggestions()
    {
        var prefix = PageTitle.Normalize(parameters["pssearch"] ?? "");
        var found = wiki.Pages
            .Where(page => prefix is not null && page.Title.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(page => page.Title, StringComparer.Ordinal).Take(parameters.Limit("pslimit"));
        _query["prefixsearch"] = new JsonArray(
            [.. found.Select(page => new JsonObject { ["ns"] = 0, ["title"] = page.Title, ["pageid"] = page.Id })]);
    }
}
