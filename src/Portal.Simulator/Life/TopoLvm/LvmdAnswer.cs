namespace Portal.Simulator.Life.TopoLvm;

/// <summary>Why lvmd did not do what topolvm-node asked for.</summary>
/// <param name="Code">gRPC's number for it.</param>
public sealed record LvmdAnswer(int Code, string Message);
