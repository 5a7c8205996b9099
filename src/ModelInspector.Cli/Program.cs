using ModelInspector.Cli;

return CommandLine.Run(args);
