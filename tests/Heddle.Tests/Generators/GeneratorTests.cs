namespace Heddle.Tests.Generators;

/// <summary>What a generator is for: the programs of every introduction.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public void It_yields_what_foreach_asks_for_and_no_more()
    {
        var seen = new List<int>();
        foreach (var x in Fibonacci())
        {
            if (x > 20)
            {
                break;
            }

            seen.Add(x);
        }

        Assert.Equal([1, 1, 2, 3, 5, 8, 13], seen);
    }

    [Fact]
    public void It_is_a_sequence_for_linq()
        => Assert.Equal([2, 8, 34], Fibonacci().Where(x => x % 2 == 0).Take(3));

    [Fact]
    public void What_is_sent_is_what_the_yield_returns()
    {
        using var echo = new Generator<object?, object?>(async co =>
        {
            object? message = null;
            while (true)
            {
                message = await co.Yield(message);
            }
        });

        Assert.Null(echo.Next());
        Assert.Equal("Hello", echo.Send("Hello"));
        Assert.Equal(0, echo.Send(0));
        Assert.Null(echo.Next());
        echo.Close();
        Assert.Throws<StopIterationException>(() => echo.Next());
    }

    [Fact]
    public void Two_running_means_do_not_mix()
    {
        using var odd = Mean().Prime();
        using var even = Mean().Prime();
        double? oddMean = null, evenMean = null;
        foreach (var x in (int[])[1, 2, 3, 4, 5, 6])
        {
            if (x % 2 == 0)
            {
                evenMean = even.Send(x);
            }
            else
            {
                oddMean = odd.Send(x);
            }
        }

        Assert.Equal((3.0, 4.0), (oddMean, evenMean));
    }

    [Fact]
    public void It_returns_a_result_when_it_ends()
    {
        using var mean = new Generator<Nothing, double?, double>(async co =>
        {
            var (sum, count) = (0.0, 0);
            while (await co.Yield(default) is { } x)
            {
                sum += x;
                count++;
            }

            return sum / count;
        });

        mean.Prime();
        mean.Send(1);
        mean.Send(2);

        Assert.False(mean.TryNext(out _));
        Assert.Equal(1.5, mean.Result);
    }

    [Fact]
    public void A_delegating_generator_yields_what_the_inner_one_does_and_gets_its_result()
    {
        var inner = new Generator<int, Nothing, int>(async co =>
        {
            await co.Yield(1);
            await co.Yield(2);
            return 3;
        });
        var result = 0;
        var outer = new Generator<int>(async co => result = await co.YieldFrom(inner));

        Assert.Equal([1, 2], outer);
        Assert.Equal(3, result);
    }

    [Fact]
    public void Delegation_may_be_recursive()
        => Assert.Equal(["abc", "acb", "bac", "bca", "cab", "cba"], Permutations("abc"));

    [Fact]
    public void A_body_may_be_cut_into_coroutines_that_yield_for_it()
    {
        static async Coroutine<string> AskAsync(GeneratorHandle<string, string> co, string question)
        {
            string answer;
            do
            {
                answer = await co.Yield(question);
            }
            while (answer == "");
            return answer;
        }

        using var dialogue = new Generator<string, string, string>(async co =>
            $"{await AskAsync(co, "name?")} from {await AskAsync(co, "town?")}");

        Assert.Equal("name?", dialogue.Next());
        Assert.Equal("name?", dialogue.Send(""));
        Assert.Equal("town?", dialogue.Send("Ada"));
        Assert.False(dialogue.TrySend("London", out _));
        Assert.Equal("Ada from London", dialogue.Result);
    }

    [Fact]
    public void Closing_it_runs_its_finally()
    {
        var log = new List<string>();
        var generator = new Generator<int>(async co =>
        {
            try
            {
                await co.Yield(1);
                await co.Yield(2);
            }
            catch (GeneratorExitException)
            {
                log.Add("exit");
                throw;
            }
            finally
            {
                log.Add("finally");
            }
        });

        Assert.Equal(1, generator.Next());
        generator.Dispose();

        Assert.Equal(["exit", "finally"], log);
        Assert.Equal(GeneratorState.Closed, generator.State);
    }

    private static Generator<int> Fibonacci() => new(async co =>
    {
        var (a, b) = (0, 1);
        while (true)
        {
            await co.Yield(b);
            (a, b) = (b, a + b);
        }
    });

    private static Generator<double?, double> Mean() => new(async co =>
    {
        double? mean = null;
        for (var (sum, count) = (0.0, 0); ; mean = sum / ++count)
        {
            sum += await co.Yield(mean);
        }
    });

    private static Generator<string> Permutations(string letters, string start = "") => new(async co =>
    {
        if (start.Length == letters.Length)
        {
            await co.Yield(start);
            return;
        }

        foreach (var letter in letters)
        {
            if (!start.Contains(letter))
            {
                await co.YieldFrom(Permutations(letters, start + letter));
            }
        }
    });
}
