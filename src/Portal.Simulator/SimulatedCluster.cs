namespace Portal.Simulator;

/// <summary>A pretend cluster behind a real HTTP server that speaks the Kubernetes API.</summary>
public sealed class SimulatedCluster;
