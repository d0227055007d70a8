namespace Portal.Simulator.Life;

/// <summary>Several subscriptions that end together.</summary>
internal sealed class Subscriptions(IEnumerable<IDisposable> all) : IDisposable
{
    private readonly IDisposable[] _all = [.. all];

    public void Dispose()
    {
        foreach (var one in _all) one.Dispose();
    }
}
