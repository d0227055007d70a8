using System.Collections.Immutable;
using Portal.Core.TopoLvm;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>A topolvm-scheduler that runs on a node, with what it read when it started.</summary>
public sealed record RunningExtender(string PodUid, TopoLvmNames Names, Version Version, int Port, double DefaultDivisor, ImmutableSortedDictionary<string, double> Divisors);
