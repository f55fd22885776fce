using System.Text.Json.Nodes;

namespace WikiPath.Sample;

/// <summary>One row of a property: a page of the answer, and a title it has under that property.</summary>
readonly record struct PageRow(string Page, int PageId, string Title);

/// <summary>A property's rows in order, given out a limit at a time over the whole batch of pages.</summary>
sealed class PageRows(string property, string prefix, IEnumerable<PageRow> rows)
{
    /// <summary>
    /// Gives out the rows that this call asks for; the mark from which the next one goes on, or null.
    /// </summary>
    public string? Take(ApiParameters parameters, Action<PageRow> take)
    {
        var limit = parameters.Limit($"{prefix}limit");
        var mark = parameters[$"{prefix}continue"];
        var start = mark is null ? default : RowAt(mark);
        var begun = mark is null;
        foreach (var row in rows)
        {
            begun |= row == start;
            if (!begun) continue;
            if (limit-- == 0) return Mark(row);
            take(row);
        }
        if (begun) return null;
        throw new ApiErrorException("badcontinue", $"Invalid continue param. ({prefix}continue={mark})");
    }

    /// <summary>Writes the rows under each page; true if the property is complete.</summary>
    public bool Write(ApiParameters parameters, IReadOnlyDictionary<string, JsonObject> pages, JsonObject next)
    {
        var mark = Take(parameters, row =>
        {
            var page = pages[row.Page];
            if (page[property] is not JsonArray list) page[property] = list = [];
            list.Add(new JsonObject { ["ns"] = 0, ["title"] = row.Title });
        });
        if (mark is not null) next[$"{prefix}continue"] = mark;
        return mark is null;
    }

    static string Mark(PageRow row) => $"{row.PageId}|{row.Page}|{row.Title}";

    // No title has a bar in it.
    static PageRow RowAt(string mark) => mark.Split('|') is [var id, var page, var title] && int.TryParse(id, out var number)
        ? new PageRow(page, number, title)
        : default;
}
