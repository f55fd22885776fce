namespace WikiPath.MediaWiki;

/// <summary>How often and after what wait a failed request is sent again.</summary>
public sealed class RetryPolicy
{
    public int Attempts { get; init; } = 8;

    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a wiki's own <c>Retry-After</c> may be; past that the program gives up and says so.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the first attempt may take with a wiki that was never heard; the second twice that, and so on.</summary>
    public TimeSpan FirstAttemptTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often a wiki is asked that was never heard, and says nothing.</summary>
    public int SilentAttempts { get; init; } = 3;

    /// <summary>Spreads the waits, so that many clients do not come back at the same moment.</summary>
    public Random Jitter { get; init; } = Random.Shared;

    /// <summary>How long an attempt may take, counted from 1.</summary>
    /// <param name="known">Whether the wiki has answered before, if only that it is busy.</param>
    internal TimeSpan TimeoutOf(int attempt, bool known)
    {
        var first = FirstAttemptTimeout * attempt;
        return known || first > AttemptTimeout ? AttemptTimeout : first;
    }

    /// <summary>The wait after a failed attempt, counted from 1; null to give up.</summary>
    /// <param name="known">Whether the wiki has answered before: one that never did gets less patience.</param>
    internal TimeSpan? DelayAfter(ApiFault fault, int attempt, bool known)
    {
        var isFinal =
            fault.Kind is ApiFaultKind.Refused or ApiFaultKind.Missing || fault.RetryAfter > LongestRetryAfter;
        if (isFinal || attempt >= Attempts) return null;
        if (fault.Kind == ApiFaultKind.Silent && !known && attempt >= SilentAttempts) return null;
        var isPatient = known || fault.Kind == ApiFaultKind.Busy;
        var (first, longest) = isPatient ? (FirstDelay, LongestDelay) : (FirstDelay / 8, FirstDelay);
        var delay = Math.Min(first.TotalSeconds * Math.Pow(2, attempt - 1), longest.TotalSeconds);
        var spread = TimeSpan.FromSeconds(delay * (0.5 + Jitter.NextDouble() / 2));
        return fault.RetryAfter is { } wish ? wish + spread / 4 : spread;
    }
}
