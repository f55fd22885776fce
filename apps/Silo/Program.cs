using Heddle.Silo;

return SiloProgram.Run(args);
