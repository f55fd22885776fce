using Spectre.Console;
using WikiPath.Search;

namespace WikiPath.Cli;

/// <summary>
/// Draws paths as one tree: what they have in common is drawn once, a stretch without a choice on one line, and what was
/// drawn before is only named.
/// </summary>
sealed class PathPicture
{
    readonly string _target;
    readonly Dictionary<string, SortedSet<string>> _next = new(StringComparer.Ordinal);
    readonly HashSet<string> _drawn = new(StringComparer.Ordinal);

    PathPicture(IReadOnlyList<IReadOnlyList<string>> paths)
    {
        _target = paths[0][^1];
        foreach (var (from, to) in paths.SelectMany(path => path.Zip(path.Skip(1))))
        {
            if (!_next.TryGetValue(from, out var titles)) _next[from] = titles = new SortedSet<string>(StringComparer.Ordinal);
            titles.Add(to);
        }
    }

    public static Tree Of(IReadOnlyList<IReadOnlyList<string>> paths)
    {
        var picture = new PathPicture(paths);
        var (label, end) = picture.Stretch(paths[0][0], "bold");
        var tree = new Tree(new Markup(label)) { Style = new Style(Color.Grey) };
        picture.Branch(tree, end);
        return tree;
    }

    void Branch(IHasTreeNodes node, string? title)
    {
        if (title is null || !_next.TryGetValue(title, out var choices)) return;
        foreach (var choice in choices)
        {
            var (label, end) = Stretch(choice, null);
            Branch(node.AddNode(new Markup(label)), end);
        }
    }

    // From a page to the next one where there is a choice; to the target; or to what was drawn before, which has no end.
    (string Label, string? End) Stretch(string title, string? style)
    {
        var label = Styled(title, style);
        while (true)
        {
            var isNew = _drawn.Add(title);
            if (!_next.TryGetValue(title, out var choices)) return (label, title);
            // One last link is said faster than where it was said.
            if (!isNew && !choices.Contains(_target)) return ($"{label} [grey](as above)[/]", null);
            if (choices.Count > 1) return (label, title);
            title = choices.Min!;
            label += $" [green]→[/] {Styled(title, null)}";
        }
    }

    string Styled(string title, string? style)
    {
        style ??= title == _target ? "bold" : null;
        return style is null ? Markup.Escape(title) : $"[{style}]{Markup.Escape(title)}[/]";
    }
}
