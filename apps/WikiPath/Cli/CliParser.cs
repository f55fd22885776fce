using System.CommandLine;
using WikiPath.Cache;
using WikiPath.MediaWiki;

namespace WikiPath.Cli;

/// <summary>Understands the command line.</summary>
sealed class CliParser
{
    const string Usage = "Try: wikipath Python \"Карл Маркс\" --wiki sample, or wikipath --help";

    readonly Argument<string?> _from = new("FROM")
    {
        Description = "The article to start from.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Argument<string?> _to = new("TO")
    {
        Description = "The article to reach.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    readonly Option<string> _wiki = new("--wiki")
    {
        Description = "A language of Wikipedia (en), a host (wiki.example.org), the address of an api.php, "
            + "or 'sample', a small wiki that the program carries.",
        HelpName = "WIKI",
        DefaultValueFactory = _ => "en",
    };

    readonly Option<int> _paths = new("--paths")
    {
        Description = "How many of the shortest paths to show, in alphabetical order.",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
    };

    readonly Option<bool> _json = new("--json") { Description = "Print one JSON object instead of text." };

    readonly Option<bool> _noCache = new("--no-cache") { Description = "Ask the wiki for everything, and keep nothing." };

    readonly Option<string> _cacheAge = new("--cache-age")
    {
        Description = "How old a remembered page may be: 30m, 12h, 7d.",
        HelpName = "AGE",
        DefaultValueFactory = _ => "1d",
    };

    readonly Option<string?> _cache = new("--cache")
    {
        Description = "The cache's file. [default: $XDG_CACHE_HOME/wikipath/links.db]",
        HelpName = "FILE",
    };

    readonly Option<bool> _clearCache = new("--clear-cache")
    {
        Description = "Delete the cache first; without FROM and TO that is all.",
    };

    readonly RootCommand _command;

    public CliParser()
    {
        Check(_wiki, text => WikiAddress.TryParse(text, out var _) ? null
            : $"'{text}' names no wiki. Give a language (en), a host (wiki.example.org), an address "
                + "(https://wiki.example.org/api.php), or 'sample'.");
        Check(_cacheAge, text => CacheAge.TryParse(text, out var _) ? null
            : $"'{text}' is no age. Give a number with m, h or d: 30m, 12h, 7d.");
        _paths.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens is not [var token]) return;
            if (!int.TryParse(token.Value, out var number) || number < 1)
            {
                result.AddError($"'{token.Value}' is no number of paths. Give one from 1 on.");
            }
        });
        _command = new RootCommand(
            "Finds the shortest paths of links between two articles of a wiki, such as Wikipedia.\n"
            + "Exit codes: 0 found, 1 no path, 2 wrong input, 3 the wiki failed, 130 interrupted.")
        {
            _from, _to, _wiki, _paths, _json, _noCache, _cacheAge, _cache, _clearCache,
        };
        _command.Validators.Add(result =>
        {
            var missing = result.GetValue(_from) is null ? "FROM" : result.GetValue(_to) is null ? "TO" : null;
            if (missing is null || (missing == "FROM" && result.GetValue(_clearCache))) return;
            result.AddError($"'{missing}' missing: which article to {(missing == "TO" ? "reach" : "start from")}?");
        });
    }

    /// <summary>The options, or the exit code if all is done: help, version, an error, a cleared cache.</summary>
    public CliOptions? Parse(IReadOnlyList<string> args, CliHost host, out int exitCode)
    {
        CliOptions? options = null;
        _command.SetAction(result =>
        {
            var cache = result.GetValue(_cache) ?? host.Cache;
            if (result.GetValue(_clearCache) && !Clear(cache, host)) return ExitCode.WrongInput;
            if (result.GetValue(_from) is not { } from) return ExitCode.Found;
            WikiAddress.TryParse(result.GetRequiredValue(_wiki), out var wiki);
            CacheAge.TryParse(result.GetRequiredValue(_cacheAge), out var age);
            options = new CliOptions(
                from, result.GetRequiredValue(_to)!, wiki!, result.GetValue(_paths), result.GetValue(_json),
                result.GetValue(_noCache) || wiki!.IsSample ? null : cache, age);
            return ExitCode.Found;
        });
        // A title may begin with @: it is no response file.
        var result = _command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors.Select(error => error.Message).Distinct())
            {
                host.Error.WriteLine($"wikipath: {error}");
            }
            host.Error.WriteLine(Usage);
            exitCode = ExitCode.WrongInput;
            return null;
        }
        exitCode = result.Invoke(new InvocationConfiguration { Output = host.Out, Error = host.Error });
        return options;
    }

    static bool Clear(string? cache, CliHost host)
    {
        try
        {
            var existed = cache is not null && CacheLocation.Delete(cache);
            host.Error.WriteLine(existed ? $"wikipath: deleted {cache}" : "wikipath: there was no cache to delete.");
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            host.Error.WriteLine($"wikipath: the cache is still there: {failure.Message}");
            return false;
        }
    }

    static void Check(Option<string> option, Func<string, string?> problem) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string>() is { } text && problem(text) is { } message) result.AddError(message);
    });
}
