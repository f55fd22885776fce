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
            : $"'{WikiAddress.WithoutUser(text)}' names no wiki. Give a language (en), a host (wiki.example.org), an address "
                + "(https://wiki.example.org/api.php), or 'sample'."
                + (text.Contains('@', StringComparison.Ordinal)
                    ? " Before a host goes https://NAME:PASSWORD@; any other @ is written %40, and in a password / is %2F, "
                        + "? is %3F, # is %23 and % is %25."
                    : ""));
        Check(_cacheAge, text => CacheAge.TryParse(text, out var _) ? null
            : $"--cache-age takes a number with m, h or d (30m, 12h, 7d), not '{UnknownWords.Shown(text)}'.");
        _paths.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens is not [var token]) return;
            if (!int.TryParse(token.Value, out var number) || number < 1)
            {
                result.AddError($"--paths takes a number from 1 on, not '{UnknownWords.Shown(token.Value)}'.");
            }
        });
        _command = new RootCommand(
            "Finds all shortest paths of links between two articles of a wiki, such as Wikipedia:\n"
            + "  wikipath Python \"Karl Marx\"\n"
            + "  wikipath Питон \"Карл Маркс\" --wiki ru\n"
            + "Exit codes: 0 found, 1 no path, 2 wrong input, 3 the wiki failed, 4 the output could not be\n"
            + "written, 130 interrupted.")
        {
            _from, _to, _wiki, _paths, _json, _noCache, _cacheAge, _cache, _clearCache,
        };
        _command.Validators.Add(result =>
        {
            var (from, to) = (result.GetValue(_from), result.GetValue(_to));
            if (from is null && result.GetValue(_clearCache)) return;
            if (string.IsNullOrWhiteSpace(from)) result.AddError($"FROM is {State(from)}: which article to start from?");
            else if (string.IsNullOrWhiteSpace(to)) result.AddError($"TO is {State(to)}: which article to reach?");
            Refuse("FROM", from);
            Refuse("TO", to);

            void Refuse(string name, string? title)
            {
                if (title is null || !UnknownWords.IsAddressWithUser(title)) return;
                result.AddError($"{name} is an address with a name or a password in it, and no title. Which wiki to ask comes after --wiki.");
            }
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
            foreach (var error in Errors(result).Distinct()) host.Error.WriteLine($"wikipath: {error}");
            host.Error.WriteLine(Usage);
            exitCode = ExitCode.WrongInput;
            return null;
        }
        exitCode = result.Invoke(new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
        });
        return options;
    }

    // A word too many is often the cause of the other errors, and says more than they do.
    IEnumerable<string> Errors(ParseResult result) => result.UnmatchedTokens is [var word, ..]
        ? [UnknownWords.Explain(
            word, result.GetValue(_from)!, result.GetValue(_to)!, [.. _command.Options.Select(option => option.Name)])]
        : result.Errors.Select(error => error.Message);

    static string State(string? title) => title is null ? "missing" : "empty";

    static bool Clear(string? cache, CliHost host)
    {
        try
        {
            var (file, owner) = string.IsNullOrEmpty(cache) ? ("", CacheOwner.Nobody) : CacheLocation.Delete(cache);
            host.Error.WriteLine(owner switch
            {
                CacheOwner.WikiPath => $"wikipath: deleted {file}",
                CacheOwner.Nobody => "wikipath: there was no cache to delete.",
                _ => $"wikipath: {file} is no cache of WikiPath's, and is left alone. Which file does --cache mean?",
            });
            return owner != CacheOwner.SomeoneElse;
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
