using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Heddle.Orleans;

namespace Heddle.Silo;

/// <summary>Understands the command line.</summary>
internal sealed class CommandLine
{
    private readonly Option<string> _redis = new("--redis")
    {
        Description = "The Redis server that keeps who belongs to the cluster: HOST:PORT, or a configuration string of StackExchange.Redis.",
        HelpName = "ADDRESS",
        Required = true,
    };

    private readonly Option<FileInfo[]> _assembly = new("--assembly")
    {
        Description = "The assembly that the functions are in, with what it needs beside it: the same build as the callers'. Several are allowed.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string> _cluster = new("--cluster")
    {
        Description = "The cluster's name; several can share a Redis server.",
        HelpName = "NAME",
        DefaultValueFactory = _ => new WorkerSiloOptions().ClusterId,
    };

    private readonly Option<IPAddress> _address = new("--address")
    {
        Description = "By which address other machines reach this one.",
        HelpName = "IP",
        CustomParser = ParseAddress,
        DefaultValueFactory = _ => IPAddress.Loopback,
    };

    private readonly Option<int> _port = new("--port") { Description = "The port for other silos; 0 for any that is free.", HelpName = "N" };

    private readonly Option<int> _gatewayPort = new("--gateway-port") { Description = "The port for executors; 0 for any that is free.", HelpName = "N" };

    private readonly Option<int> _workers = new("--workers")
    {
        Description = "How many calls run at once.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<double> _grace = new("--grace")
    {
        Description = "How long functions may still run after SIGTERM or Ctrl+C.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<double> _callerTimeout = new("--caller-timeout")
    {
        Description = "How long nothing may be heard of a caller before its calls are given up; 15 or more.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Print Orleans's own log on the error stream." };

    private readonly RootCommand _command;

    internal CommandLine()
    {
        InRange(_port, 0, IPEndPoint.MaxPort);
        InRange(_gatewayPort, 0, IPEndPoint.MaxPort);
        InRange(_workers, 1, 10_000);
        InRange(_grace, 0, 86_400);
        InRange(_callerTimeout, 15, 86_400);
        _assembly.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(token => !File.Exists(token.Value)))
            {
                result.AddError($"--assembly: there is no file '{token.Value}'.");
            }
        });
        _command = new(
            "Runs the calls of Heddle's OrleansExecutor, one silo on each machine:\n"
            + "  heddle-silo --redis redis.example.org:6379 --address 10.0.0.7 --assembly app/MyProgram.dll\n"
            + "SIGTERM and Ctrl+C have it leave: calls that wait go to other silos, those that run may end. A second one ends it at once.\n"
            + "Exit codes: 0 it has left, 2 wrong input, 3 it could not join, 4 the output could not be written.")
        {
            _redis, _assembly, _cluster, _address, _port, _gatewayPort, _workers, _grace, _callerTimeout, _verbose,
        };
    }

    /// <summary>What is asked for; null, and the exit code, if all is done: help, version, an error.</summary>
    internal SiloRequest? Parse(string[] args, out int exitCode)
    {
        SiloRequest? request = null;
        _command.SetAction(result =>
        {
            request = new(
                new()
                {
                    Redis = result.GetRequiredValue(_redis),
                    ClusterId = result.GetRequiredValue(_cluster),
                    Address = result.GetRequiredValue(_address),
                    SiloPort = result.GetValue(_port),
                    GatewayPort = result.GetValue(_gatewayPort),
                    Workers = result.GetValue(_workers),
                    LeaveGrace = TimeSpan.FromSeconds(result.GetValue(_grace)),
                    CallerTimeout = TimeSpan.FromSeconds(result.GetValue(_callerTimeout)),
                    ConfigureSilo = result.GetValue(_verbose) ? SiloLog.Add : null,
                },
                [.. result.GetRequiredValue(_assembly).Select(file => file.FullName)]);
        });
        var result = _command.Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors.Select(error => error.Message).Distinct())
            {
                SiloOutput.Complain(error);
            }

            SiloOutput.Complain("try heddle-silo --help");
            exitCode = ExitCode.WrongInput;
            return null;
        }

        try
        {
            exitCode = result.Invoke(new() { EnableDefaultExceptionHandler = false });
        }
        catch (Exception failure) when (SiloOutput.IsLoss(failure))
        {
            SiloOutput.Complain($"the output could not be written: {failure.GetBaseException().Message}");
            exitCode = ExitCode.NotWritten;
        }

        return request;
    }

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        if (result.Tokens is [var token] && IPAddress.TryParse(token.Value, out var address)
            && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any))
        {
            return address;
        }

        result.AddError($"--address takes an IP address of this machine by which others reach it, not '{string.Join(' ', result.Tokens.Select(token => token.Value))}'.");
        return null;
    }

    private static void InRange<T>(Option<T> option, T least, T most)
        where T : IParsable<T>, IComparable<T> => option.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !(T.TryParse(token.Value, null, out var number) && number.CompareTo(least) >= 0 && number.CompareTo(most) <= 0))
            {
                result.AddError($"{option.Name} takes a number from {least} to {most}, not '{token.Value}'.");
            }
        });
}

/// <summary>A silo that is asked for.</summary>
/// <param name="Options">How it works.</param>
/// <param name="Assemblies">Where its functions are.</param>
internal sealed record SiloRequest(WorkerSiloOptions Options, IReadOnlyList<string> Assemblies);
