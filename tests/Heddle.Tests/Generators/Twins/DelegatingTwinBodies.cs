using ObjectGenerator = Heddle.Generator<object?, object?, object?>;

namespace Heddle.Tests.Generators.Twins;

/// <summary>Bodies that yield from another.</summary>
internal static class DelegatingTwinBodies
{
    /// <summary>Three levels, each of which adds to what the next one returns and passes every error.</summary>
    public static TwinBody ThreeLevels(TwinBody inner) => new(
        $"""
        {Inner(inner)}
        def middle():
            try:
                return (yield from keep(inner()))
            finally:
                log('middle leaves')
        def f():
            try:
                log('result', (yield from keep(middle())))
                yield 'outer'
                return 'end'
            finally:
                log('outer leaves')
        """,
        async (co, t) =>
        {
            var middle = new ObjectGenerator(async co =>
            {
                try
                {
                    return await co.YieldFrom(Make(inner, t));
                }
                finally
                {
                    t.Log("middle leaves");
                }
            });
            try
            {
                t.Log("result", await co.YieldFrom(middle));
                await co.Yield("outer");
                return "end";
            }
            finally
            {
                t.Log("outer leaves");
            }
        });

    /// <summary>Catches what comes from the inner one and goes on.</summary>
    public static TwinBody Catching(TwinBody inner) => new(
        $"""
        {Inner(inner)}
        def f():
            try:
                log('result', (yield from keep(inner())))
            except BaseException as e:
                log('caught', kind(e))
                yield 'recovered'
            yield 'outer'
        """,
        async (co, t) =>
        {
            try
            {
                t.Log("result", await co.YieldFrom(Make(inner, t)));
            }
            catch (Exception e)
            {
                t.Log("caught", Errors.KindOf(e));
                await co.Yield("recovered");
            }

            await co.Yield("outer");
            return null;
        });

    public static readonly TwinBody OfAList = new(
        """
        def f():
            try:
                yield from [1, 2]
                yield 'outer'
            except BaseException as e:
                log('caught', kind(e))
                raise
        """,
        async (co, t) =>
        {
            try
            {
                await co.YieldFrom([1, 2]);
                await co.Yield("outer");
                return null;
            }
            catch (Exception e)
            {
                t.Log("caught", Errors.KindOf(e));
                throw;
            }
        });

    /// <summary>The inner one was started, and yields from the outer body's own hands first.</summary>
    public static readonly TwinBody OfAStarted = new(
        """
        def inner():
            log('inner got', (yield 1))
            log('inner got', (yield 2))
            return 'done'
        def f():
            g = keep(inner())
            log('first', next(g))
            log('result', (yield from g))
            log('result', (yield from g))
        """,
        async (co, t) =>
        {
            var g = new ObjectGenerator(async co =>
            {
                t.Log("inner got", await co.Yield(1));
                t.Log("inner got", await co.Yield(2));
                return "done";
            });
            t.Log("first", g.Next());
            t.Log("result", await co.YieldFrom(g));
            t.Log("result", await co.YieldFrom(g));
            return null;
        });

    public static readonly TwinBody OfItself = new(
        """
        def f():
            yield 'first'
            yield from slots[0]
        """,
        async (co, t) =>
        {
            await co.Yield("first");
            return await co.YieldFrom(t.Slots[0]);
        });

    /// <summary>Asks itself for a value, closes itself, throws into itself.</summary>
    public static readonly TwinBody CallsItself = new(
        """
        def f():
            for call in next, lambda g: g.send(1), lambda g: g.throw(A()), lambda g: g.close():
                try:
                    call(slots[0])
                except ValueError as e:
                    log(kind(e))
                yield 'still alive'
        """,
        async (co, t) =>
        {
            Action<ObjectGenerator>[] calls = [g => g.Next(), g => g.Send(1), g => g.Throw(new ErrorA()), g => g.Close()];
            foreach (var call in calls)
            {
                try
                {
                    call(t.Slots[0]);
                }
                catch (InvalidOperationException e)
                {
                    t.Log(Errors.KindOf(e));
                }

                await co.Yield("still alive");
            }

            return null;
        });

    /// <summary>Delegates to what somebody else holds, too.</summary>
    public static readonly TwinBody OfAShared = new(
        """
        def f():
            log('result', (yield from slots[1]))
            yield 'outer'
        """,
        async (co, t) =>
        {
            t.Log("result", await co.YieldFrom(t.Slots[1]));
            await co.Yield("outer");
            return null;
        });

    private static string Inner(TwinBody inner) => inner.Python.Replace("def f()", "def inner()", StringComparison.Ordinal);

    private static ObjectGenerator Make(TwinBody body, Transcript transcript) => new(co => body.Body(co, transcript));
}
