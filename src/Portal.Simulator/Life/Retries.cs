namespace Portal.Simulator.Life;

/// <summary>Keeps what failed from being tried again before its back-off is over.</summary>
internal sealed class Retries(Delays delays, Pace pace)
{
    private readonly Dictionary<string, int> _failures = [];

    public bool MayTry(string thing) => !_failures.TryGetValue(thing, out var count) || delays.IsOver($"retry {count} {thing}", pace.BackOffAfter(count));

    /// <summary>How often it has failed in a row.</summary>
    public int FailuresOf(string thing) => _failures.GetValueOrDefault(thing);

    public void Failed(string thing)
    {
        _failures[thing] = FailuresOf(thing) + 1;
        // Asks at once, so that this pass knows when the next attempt is due.
        MayTry(thing);
    }

    public void Succeeded(string thing) => _failures.Remove(thing);
}
