using BenchmarkDotNet.Running;
using Heddle.Benchmarks.Executors;
using Heddle.Benchmarks.Failures;
using Heddle.Benchmarks.Generators;
using Heddle.Benchmarks.Processes;
using Heddle.Benchmarks.Quick;
using Heddle.Benchmarks.Rows;
using Heddle.Benchmarks.Simulations;

return args switch
{
    ["quick", .. var rest] => QuickCommand.Run(rest),
    ["rows", var side, .. var rest] => RowsCommand.Run(side, rest),
    ["generators", .. var rest] => GeneratorsCommand.Run(rest),
    ["processes", .. var rest] => ProcessesCommand.Run(rest),
    ["executors", .. var rest] => ExecutorsCommand.Run(rest),
    ["failures", .. var rest] => FailuresCommand.Run(rest),
    ["simulation", .. var rest] => SimulationCommand.Run(rest),
    ["suite", .. var rest] => Suite(rest),
    [] or ["--help" or "-h" or "help", ..] => Help(Console.Out, 0),
    _ => Help(Console.Error, 2),
};

static int Suite(string[] args)
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length > 0 ? args : ["--filter", "*"]);
    return 0;
}

static int Help(TextWriter output, int exitCode)
{
    output.WriteLine(
        """
        Heddle's benchmarks.

        quick                     the core table beside Task, asyncio, uvloop and Go, in under three minutes
          --rounds N              how many interleaved runs the medians are taken over (default 7)
          --peers LIST            which of task,pool,asyncio,uvloop,go to run (default all that are installed), or none
          --json FILE             write every sample and the medians to FILE
        generators [--rounds N]   generators beside C#'s iterators and CPython's generators, in under two minutes
        processes [--rounds N]    child processes beside System.Diagnostics.Process, in about a minute
        executors [--rounds N]    threads and processes beside CPython's process pool, in about two minutes
        failures [--rounds N]     exceptions out of deep recursions beside Task's, in twenty seconds
        simulation [--rounds N]   decisions and whole runs a second of a simulation, in half a minute
        suite [BenchmarkDotNet's options]
                                  the same rows under BenchmarkDotNet with its memory diagnoser
        rows SIDE [ROW ...]       one run of heddle, task or pool in this process, as JSON; quick starts these

        Environment: HEDDLE_BENCH_PYTHON names the Python interpreter, HEDDLE_BENCH_GO the go command.
        """);
    return exitCode;
}
