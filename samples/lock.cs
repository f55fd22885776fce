#:project ../src/Heddle/Heddle.csproj
// Between two awaits nothing else runs, so most code needs no lock. This does: it awaits between reading the balance
// and writing it.
using Heddle;

EventLoop.Run(async () =>
{
    var account = new Account(100);
    await Coroutine.WhenAll(account.WithdrawAsync(30), account.WithdrawAsync(30));
    Console.WriteLine($"without a lock: {account.Balance}, one withdrawal was lost");

    account = new Account(100);
    await Coroutine.WhenAll(account.WithdrawLockedAsync(30), account.WithdrawLockedAsync(30));
    Console.WriteLine($"with a lock: {account.Balance}");
});

sealed class Account(int balance)
{
    private readonly AsyncLock _gate = new();

    public int Balance { get; private set; } = balance;

    public async Coroutine WithdrawLockedAsync(int amount)
    {
        using (await _gate.LockAsync())
        {
            await WithdrawAsync(amount);
        }
    }

    public async Coroutine WithdrawAsync(int amount)
    {
        var seen = Balance;
        await Coroutine.Delay(TimeSpan.FromMilliseconds(10));   // asks the bank
        Balance = seen - amount;
    }
}
