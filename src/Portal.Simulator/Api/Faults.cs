namespace Portal.Simulator.Api;

/// <summary>What goes wrong on demand.</summary>
public sealed class Faults(ObjectStore store)
{
    /// <summary>Forgets the history, so that the next watch or continue token from before is answered 410.</summary>
    public void Compact() => store.Compact();
}
