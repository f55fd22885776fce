return Heddle.Tool.HeddleCommand.Run(args);
