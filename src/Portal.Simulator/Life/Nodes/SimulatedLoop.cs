namespace Portal.Simulator.Life.Nodes;

/// <summary>A file of a simulated node that serves as a disk.</summary>
public sealed record SimulatedLoop(string FilePath, long SizeBytes)
{
    /// <summary>"/dev/loop0"; null while no device is on it.</summary>
    public string? Device { get; init; }
}
