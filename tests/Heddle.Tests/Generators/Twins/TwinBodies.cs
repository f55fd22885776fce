using Handle = Heddle.GeneratorHandle<object?, object?>;

namespace Heddle.Tests.Generators.Twins;

/// <summary>A generator function in both languages.</summary>
internal sealed record TwinBody(string Python, Func<Handle, Transcript, Coroutine<object?>> Body);

/// <summary>Bodies that yield by themselves.</summary>
internal static class TwinBodies
{
    public static readonly TwinBody Three = new(
        """
        def f():
            yield 1
            yield 2
            return 3
        """,
        async (co, _) =>
        {
            await co.Yield(1);
            await co.Yield(2);
            return 3;
        });

    public static readonly TwinBody Empty = new(
        """
        def f():
            return 7
            yield
        """,
        (_, _) => Coroutine.FromResult<object?>(7));

    public static readonly TwinBody Echo = new(
        """
        def f():
            message = None
            while True:
                message = yield message
        """,
        async (co, _) =>
        {
            object? message = null;
            while (true)
            {
                message = await co.Yield(message);
            }
        });

    public static readonly TwinBody Mean = new(
        """
        def f():
            total = count = 0
            while True:
                x = yield
                if x is None:
                    return total // count
                total += x
                count += 1
        """,
        async (co, _) =>
        {
            int total = 0, count = 0;
            while (await co.Yield(null) is int x)
            {
                total += x;
                count++;
            }

            return total / count;
        });

    public static readonly TwinBody Finally = new(
        """
        def f():
            try:
                yield 1
                yield 2
                yield 3
            except BaseException as e:
                log('caught', kind(e))
                raise
            finally:
                log('finally')
        """,
        async (co, t) =>
        {
            try
            {
                await co.Yield(1);
                await co.Yield(2);
                await co.Yield(3);
                return null;
            }
            catch (Exception e)
            {
                t.Log("caught", Errors.KindOf(e));
                throw;
            }
            finally
            {
                t.Log("finally");
            }
        });

    public static readonly TwinBody Swallows = new(
        """
        def f():
            try:
                yield 1
            except BaseException:
                return 'swallowed'
        """,
        async (co, _) =>
        {
            try
            {
                await co.Yield(1);
                return null;
            }
            catch (Exception)
            {
                return "swallowed";
            }
        });

    public static readonly TwinBody IgnoresOnce = new(
        """
        def f():
            try:
                yield 1
            except GeneratorExit:
                yield 'ignored'
            yield 'after'
        """,
        async (co, _) =>
        {
            try
            {
                await co.Yield(1);
            }
            catch (GeneratorExitException)
            {
                await co.Yield("ignored");
            }

            await co.Yield("after");
            return null;
        });

    public static readonly TwinBody YieldsInFinally = new(
        """
        def f():
            try:
                yield 1
            finally:
                got = yield 'finally'
                log('got', got)
        """,
        async (co, t) =>
        {
            try
            {
                await co.Yield(1);
            }
            finally
            {
                t.Log("got", await co.Yield("finally"));
            }

            return null;
        });

    public static readonly TwinBody Replaces = new(
        """
        def f():
            try:
                yield 1
            except A:
                raise B()
            except GeneratorExit:
                raise A()
        """,
        async (co, _) =>
        {
            try
            {
                await co.Yield(1);
                return null;
            }
            catch (ErrorA)
            {
                throw new ErrorB();
            }
            catch (GeneratorExitException)
            {
                throw new ErrorA();
            }
        });

    public static readonly TwinBody Retries = new(
        """
        def f():
            while True:
                try:
                    got = yield 'ready'
                    log('got', got)
                except A:
                    log('again')
        """,
        async (co, t) =>
        {
            while (true)
            {
                try
                {
                    t.Log("got", await co.Yield("ready"));
                }
                catch (ErrorA)
                {
                    t.Log("again");
                }
            }
        });

    public static readonly TwinBody Fails = new(
        """
        def f():
            yield 1
            raise A()
        """,
        async (co, _) =>
        {
            await co.Yield(1);
            throw new ErrorA();
        });

    public static readonly TwinBody RaisesStop = new(
        """
        def f():
            yield 1
            raise StopIteration()
        """,
        async (co, _) =>
        {
            await co.Yield(1);
            throw Errors.Make("stop");
        });

    public static readonly TwinBody RaisesExit = new(
        """
        def f():
            yield 1
            raise GeneratorExit()
        """,
        async (co, _) =>
        {
            await co.Yield(1);
            throw new GeneratorExitException();
        });
}
