using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Heddle.Testing;
using static Heddle.Tests.Expect;

namespace Heddle.Tests.Scheduling;

/// <summary>A frame that is free keeps nothing of the call that it served.</summary>
public class FreeFrameTests
{
    [Fact]
    public async Task Of_a_chain_that_has_returned_no_more_is_kept_for_more_levels()
    {
        var few = await KeptAsync(10_000);
        var many = await KeptAsync(300_000);
        Assert.InRange(many - few, long.MinValue, 1 << 20);

        static async Task<long> KeptAsync(int levels)
        {
            // In a process of its own: what others of the tests keep meanwhile would count.
            using var program = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Heddle.TestPrograms.dll"), "deep", $"{levels}"])
            {
                RedirectStandardOutput = true,
            })!;
            var output = await program.StandardOutput.ReadToEndAsync();
            await program.WaitForExitAsync();
            return long.Parse(output, CultureInfo.InvariantCulture);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void What_a_primitive_holds_that_was_waited_for_can_be_collected(int atOnce) => VirtualTime.Run(async () =>
    {
        var seen = new List<WeakReference>();
        for (var i = 0; i < 3; i++)
        {
            await Coroutine.WhenAll(Enumerable.Range(0, atOnce).Select(_ => ServeAsync(seen)));
        }

        await AssertCollectedAsync(seen);

        static async Coroutine ReadAsync(AsyncQueue<byte[]> queue) => await queue.GetAsync();

        static async Coroutine ServeAsync(List<WeakReference> seen)
        {
            var queue = new AsyncQueue<byte[]>();
            var reader = LoopTask.Start(ReadAsync(queue));
            await Coroutine.Delay(Second);
            queue.TryPut([1]);
            Leave(queue, seen);
            await reader;
        }

        static void Leave(AsyncQueue<byte[]> queue, List<WeakReference> seen)
        {
            var payload = new byte[1000];
            seen.Add(new(payload));
            queue.TryPut(payload);
        }
    });

    [Fact]
    public void The_last_item_of_a_queue_is_let_go_while_the_next_is_waited_for() => VirtualTime.Run(async () =>
    {
        var queue = new AsyncQueue<object>();
        var seen = new List<WeakReference>();
        var reader = LoopTask.Start(async () =>
        {
            await foreach (var item in queue)
            {
                Note(seen, item);
            }
        });
        Put(queue);
        await Coroutine.Delay(Second);
        Assert.Single(seen);
        await AssertCollectedAsync(seen);
        queue.Shutdown();
        await reader;

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Put(AsyncQueue<object> queue) => queue.TryPut(new object());
    });

    [Fact]
    public void The_last_item_of_a_generator_is_let_go_while_the_next_is_waited_for() => VirtualTime.Run(async () =>
    {
        await using var generator = new AsyncGenerator<object>(async co =>
        {
            await co.Yield(new object());
            await Coroutine.Delay(Hour);
        });
        var seen = new List<WeakReference>();
        var reader = LoopTask.Start(async () =>
        {
            await foreach (var item in generator)
            {
                Note(seen, item);
            }
        });
        await Coroutine.Delay(Second);
        Assert.Single(seen);
        await AssertCollectedAsync(seen);
        await reader;
    });

    [Fact]
    public void A_coroutine_that_nobody_awaits_can_be_collected_although_its_frame_has_served_before() => VirtualTime.Run(async () =>
    {
        await Coroutine.WhenAll(Enumerable.Range(0, 10).Select(static _ => HoldAsync(new object())));
        var seen = new List<WeakReference>();
        Forget(seen, 8);

        // The frame at hand is not let go until another comes back.
        seen.RemoveAt(0);
        await AssertCollectedAsync(seen);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(List<WeakReference> seen, int count)
        {
            for (var i = 0; i < count; i++)
            {
                var payload = new object();
                seen.Add(new(payload));
#pragma warning disable HED001 // Forgetting it is what is tested.
                _ = HoldAsync(payload);
#pragma warning restore HED001
            }
        }

        static async Coroutine HoldAsync(object payload)
        {
            await Coroutine.Yield();
            GC.KeepAlive(payload);
        }
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Note(List<WeakReference> seen, object item) => seen.Add(new(item));

    private static async Coroutine AssertCollectedAsync(List<WeakReference> seen)
    {
        await Coroutine.Yield();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.DoesNotContain(seen, static payload => payload.IsAlive);
    }
}
