using System.Threading.Channels;

namespace Heddle.Benchmarks.Sides.OnTask;

static class TaskQueueHop
{
    public static async Task MeasureAsync(ITaskHost host, int count)
    {
        int roundTrips = count / 2;
        var there = Channel.CreateBounded<int>(1);
        var back = Channel.CreateBounded<int>(1);
        Task<int> echo = host.Spawn(() => EchoAsync(there.Reader, back.Writer, roundTrips));
        for (int i = 0; i < roundTrips; i++)
        {
            await there.Writer.WriteAsync(i);
            await back.Reader.ReadAsync();
        }
        await echo;
    }

    static async Task<int> EchoAsync(ChannelReader<int> from, ChannelWriter<int> to, int roundTrips)
    {
        for (int i = 0; i < roundTrips; i++)
            await to.WriteAsync(await from.ReadAsync());
        return roundTrips;
    }
}
