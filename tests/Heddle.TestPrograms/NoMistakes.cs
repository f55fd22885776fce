using System.Reflection.Emit;
using System.Runtime;
using Heddle;

namespace Heddle.TestPrograms;

/// <summary>What might look like a mistake and is none, so that debug mode must not report it.</summary>
internal static class NoMistakes
{
    /// <summary>A cancelled scope lets none of them begin: that was not forgotten.</summary>
    internal static async Coroutine GiveUpAsync()
    {
        Func<Coroutine>[] calls =
        [
            static () => Coroutine.WhenAll(SaveAsync(), Coroutine.Delay(TimeSpan.Zero)),
            static async () => await Coroutine.WhenAll(CountAsync(), CountAsync()),
            static async () => await Coroutine.WhenAll(CountAsync(), NameAsync()),
            static async () => await Coroutine.WhenAll(CountAsync(), NameAsync(), CountAsync()),
            static async () => await Coroutine.WhenAllSettled(SaveAsync(), SaveAsync()),
            static async () => await Coroutine.WhenAllSettled(CountAsync(), CountAsync()),
            static () => Coroutine.Race(SaveAsync(), SaveAsync()),
            static async () => await Coroutine.Race(CountAsync(), CountAsync()),
            static async () => await LookAtEachAsync(Coroutine.WhenEach(SaveAsync(), SaveAsync())),
            static async () => await LookAtEachAsync(Coroutine.WhenEach(CountAsync(), CountAsync())),
        ];
        foreach (var call in calls)
        {
            var wasCut = !await CancelScope.RunAsync(async scope =>
            {
                scope.Cancel();
                await call();
            });
            Console.WriteLine(wasCut);
        }
    }

    /// <summary>Its first step is the JIT's more than its own.</summary>
    internal static async Coroutine CompileAsync() => await LoopTask.Start(
        async () =>
        {
            while (JitInfo.GetCompilationTime(currentThread: true) < TimeSpan.FromMilliseconds(500))
            {
                var method = new DynamicMethod("sum", typeof(int), [typeof(int)]);
                var code = method.GetILGenerator();
                code.Emit(OpCodes.Ldarg_0);
                for (var i = 0; i < 5_000; i++)
                {
                    code.Emit(OpCodes.Ldarg_0);
                    code.Emit(OpCodes.Add);
                }

                code.Emit(OpCodes.Ret);
                _ = method.CreateDelegate<Func<int, int>>()(1);
            }
        },
        "compiler");

    internal static async Coroutine CancelLateAsync()
    {
        CancelScope? left = null;
        await CancelScope.RunAsync(scope =>
        {
            left = scope;
            return Coroutine.Completed;
        });
        left!.Cancel();
        left.Cancel();
    }

    private static async Coroutine SaveAsync() => await Coroutine.Yield();

    private static async Coroutine<int> CountAsync()
    {
        await Coroutine.Yield();
        return 1;
    }

    private static async Coroutine<string> NameAsync()
    {
        await Coroutine.Yield();
        return "";
    }

    private static async Coroutine LookAtEachAsync<T>(IAsyncEnumerable<T> tasks)
    {
        await foreach (var task in tasks)
        {
            Console.WriteLine(task);
        }
    }
}
