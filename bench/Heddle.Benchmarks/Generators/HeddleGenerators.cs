using Heddle.Benchmarks.Rows;

namespace Heddle.Benchmarks.Generators;

static class HeddleGenerators
{
    public static Side Create() => new("heddle", ".NET " + Environment.Version,
    [
        new("foreach", load => Enumeration.Measure(load, Count(load.Operations)), new(10_000), new(20_000_000)),
        new("foreach_10", load => Enumeration.Measure(load, Nested(10, load.Operations)), new(10_000), new(20_000_000)),
        new("send", load => Converse(load, Echo(0)), new(10_000), new(20_000_000)),
        new("send_10", load => Converse(load, Echo(10)), new(10_000), new(20_000_000)),
        new("create", MakeMany, new(2_000), new(2_000_000)),
    ]);

    static Sample Converse(Load load, Generator<int, int> echo)
    {
        echo.Prime();
        Meter meter = Meter.Start();
        long sum = 0;
        for (int i = 0; i < load.Operations; i++)
            sum += echo.Send(i);
        Enumeration.Check(sum, load);
        Sample sample = meter.Stop(load.Operations);
        echo.Close();
        return sample;
    }

    static Sample MakeMany(Load load)
    {
        Meter meter = Meter.Start();
        long sum = 0;
        for (int i = 0; i < load.Operations; i++)
        {
            foreach (int number in One(i))
                sum += number;
        }
        Enumeration.Check(sum, load);
        return meter.Stop(load.Operations);
    }

    static Generator<int> One(int number) => new(async co => await co.Yield(number));

    static Generator<int> Count(int count) => new(async co =>
    {
        for (int i = 0; i < count; i++)
            await co.Yield(i);
    });

    static Generator<int> Nested(int depth, int count) =>
        depth == 0 ? Count(count) : new(async co => await co.YieldFrom(Nested(depth - 1, count)));

    static Generator<int, int> Echo(int depth) => depth > 0
        ? new(async co => await co.YieldFrom(Echo(depth - 1)))
        : new(async co =>
        {
            for (int x = 0; ;)
                x = await co.Yield(x);
        });
}
