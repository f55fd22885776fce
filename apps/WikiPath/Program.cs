Console.WriteLine("wikipath");
