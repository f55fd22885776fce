Console.WriteLine("Heddle.Benchmarks");
