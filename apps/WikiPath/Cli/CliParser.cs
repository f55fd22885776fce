using System.CommandLine;
using WikiPath.MediaWiki;

namespace WikiPath.Cli;

/// <summary>Understands the command line.</summary>
sealed class CliParser
{
    readonly Argument<string> _from = new("FROM") { Description = "The article to start from." };
    readonly Argument<string> _to = new("TO") { Description = "The article to reach." };
    readonly Option<bool> _json = new("--json") { Description = "Print one JSON object instead of text." };
    readonly Option<string> _wiki = new("--wiki")
    {
        Description = "A language of Wikipedia (en), a host (wiki.example.org), the address of an api.php, "
            + "or 'sample', a small wiki that the program carries.",
        HelpName = "WIKI",
        DefaultValueFactory = _ => "en",
    };

    readonly RootCommand _command;

    public CliParser()
    {
        _wiki.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !WikiAddress.TryParse(text, out var _))
            {
                result.AddError($"'{text}' names no wiki. Give a language (en), a host (wiki.example.org), an address "
                    + "(https://wiki.example.org/api.php), or 'sample'.");
            }
        });
        _command = new RootCommand("Finds a shortest path of links between two articles of a wiki, such as Wikipedia.")
        {
            _from, _to, _wiki, _json,
        };
    }

    /// <summary>The options, or the exit code if help, version or an error was printed in their place.</summary>
    public CliOptions? Parse(IReadOnlyList<string> args, CliHost host, out int exitCode)
    {
        CliOptions? options = null;
        _command.SetAction(result =>
        {
            WikiAddress.TryParse(result.GetRequiredValue(_wiki), out var wiki);
            options = new CliOptions(
                result.GetRequiredValue(_from), result.GetRequiredValue(_to), wiki!, result.GetValue(_json));
            return ExitCode.Found;
        });
        // A title may begin with @: it is no response file.
        var result = _command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors) host.Error.WriteLine($"wikipath: {error.Message}");
            host.Error.WriteLine("Try: wikipath Python \"Карл Маркс\" --wiki sample, or wikipath --help");
            exitCode = ExitCode.WrongInput;
            return null;
        }
        exitCode = result.Invoke(new InvocationConfiguration { Output = host.Out, Error = host.Error });
        return options;
    }
}
