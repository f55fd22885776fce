namespace Heddle.TestPrograms;

/// <summary>Collects more than its heap may hold, and prints what becomes of that and of others on the loop.</summary>
internal static class Glutton
{
    internal static int Run()
    {
        EventLoop.Run(async () =>
        {
            var isOver = new AsyncManualResetEvent();
            var other = LoopTask.Start(async () =>
            {
                try
                {
                    await isOver.WaitAsync();
                    Console.WriteLine("the other task goes on");
                }
                finally
                {
                    Console.WriteLine("and cleans up");
                }
            });
            try
            {
                await Subprocess.RunAsync("cat", ["/dev/zero"]);
            }
            catch (OutOfMemoryException)
            {
                Console.WriteLine("the call failed");
            }

            isOver.Set();
            await other;
        });
        return 0;
    }
}
