namespace Portal.Core.Kubernetes;

/// <summary>Growing, jittered pauses between tries: each is at most twice the one before, and at least half of what it could be, so that many
/// clients do not come back at the same moment.</summary>
public sealed class BackOff(TimeSpan first, TimeSpan longest)
{
    private int _doublings;

    public TimeSpan Next()
    {
        var full = first * (1L << _doublings);
        if (full < longest) _doublings++;
        return (full < longest ? full : longest) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    public void Reset() => _doublings = 0;
}
