using Heddle.Tool.Terminal;

namespace Heddle.Tool.Repl;

/// <summary>What begins with a colon.</summary>
internal sealed class ReplCommands(InputRunner runner, Theme theme)
{
    internal const string Help = """
        An input is C#: statements, declarations, or an expression, whose value is shown.
        'await' works everywhere, and nothing is awaited unless you write it.
        LoopTask.Start(…) has a coroutine run beside the prompt.

          :tasks         who awaits whom, for how long, on what
          :cancel NAME   cancels the tasks of that name, or of that number
          :load FILE     runs a file as one input
          :help          this
          :quit          leaves, and cancels what still runs

          Enter          runs the input once it is whole; else it gets another line
          Alt+Enter      another line in any case
          Tab            completes; pressed twice, lists what can stand there
          Up, Down       earlier inputs; Ctrl+R looks for one
          Ctrl+T         :tasks, while an input runs too
          Ctrl+C         cancels the input, typed or running; at an empty prompt,
                         a second one leaves
          Ctrl+D         leaves

        """;

    internal static string Banner =>
        $"Heddle {typeof(EventLoop).Assembly.GetName().Version!.ToString(3)} on .NET {Environment.Version}. Use 'await' directly; :help tells more.";

    internal static readonly string[] Names = [":cancel", ":help", ":load", ":quit", ":tasks"];

    /// <summary>A letter follows the colon at once, as it hardly does where C# has one at the start of a line.</summary>
    internal static bool Is(string input) => input.AsSpan().TrimStart() is [':', var first, ..] && char.IsLetter(first);

    internal static bool IsQuit(string input) => input.Trim() is ":quit" or ":q" or ":exit";

    /// <summary>Runs a command, or C#.</summary>
    /// <returns>Whether it ended well.</returns>
    internal Coroutine<bool> RunInputAsync(string input)
        => string.IsNullOrWhiteSpace(input) ? Coroutine.FromResult(true)
            : Is(input) ? RunAsync(input)
            : runner.RunAsync(input);

    private async Coroutine<bool> RunAsync(string input)
    {
        var words = input.Trim().Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries);
        var argument = words.Length > 1 ? words[1].Trim() : "";
        switch (words[0])
        {
            case ":help":
                Console.Write(Help);
                return true;
            case ":tasks":
                ShowTasks();
                return true;
            case ":cancel" when argument.Length > 0:
                return Cancel(argument);
            case ":load" when argument.Length > 0:
                return await LoadAsync(argument);
            case ":cancel":
                return Complain("Which task? :cancel NAME; :tasks lists them.");
            case ":load":
                return Complain("Which file? :load FILE.");
            default:
                return Complain($"There is no command '{words[0]}'. Those there are: {string.Join(", ", Names)}.");
        }
    }

    /// <summary>Shows all tasks but the prompt's own.</summary>
    internal void ShowTasks()
    {
        var shown = EventLoop.Current.Snapshot().Tasks.SelectMany(task => task.Id == runner.PromptId ? task.Tasks : [task]).ToList();
        Console.WriteLine(shown.Count == 0 ? "no tasks" : string.Join("\n", shown.Select(task => task.ToTree())));
    }

    private bool Cancel(string name)
    {
        var found = EventLoop.Current.Tasks.Where(task => task.Name == name || task.Id.ToString() == name).ToList();
        foreach (var task in found)
        {
            task.Cancel("asked for by :cancel");
            Console.WriteLine($"cancelled {task.Name}");
        }

        return found.Count > 0 || Complain($"No task is named '{name}'; :tasks lists those that run.");
    }

    private async Coroutine<bool> LoadAsync(string file)
    {
        string code;
        try
        {
            code = await File.ReadAllTextAsync(file).OrCanceled();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Complain($"{file} cannot be read: {failure.Message}");
        }

        return await runner.RunAsync(code, file);
    }

    private bool Complain(string message)
    {
        Console.Error.WriteLine(theme.Warning(message));
        return false;
    }
}
