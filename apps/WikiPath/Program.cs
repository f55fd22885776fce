using WikiPath.Cli;

return CliProgram.Run(args, CliHost.OfProcess());
