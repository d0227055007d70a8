using System.Text.Json;

namespace Portal.Core.TopoLvm.Volumes.AutoExpand;

/// <summary>When a volume grows by itself, by how much, and how far.</summary>
public sealed record AutoExpandRules
{
    /// <summary>Percent of the file system from which on it grows.</summary>
    public int ThresholdPercent { get; init; } = 85;

    /// <summary>Percent of its size that is added; 0 where <see cref="StepBytes"/> counts.</summary>
    public int StepPercent { get; init; } = 20;

    public long StepBytes { get; init; }

    /// <summary>It never gets larger.</summary>
    public long LimitBytes { get; init; }

    /// <summary>What has to be left in the volume group afterwards.</summary>
    public long HeadroomBytes { get; init; }

    /// <summary>So long nothing is done after an expansion.</summary>
    public int CooldownMinutes { get; init; } = 60;

    public bool IsSound => ThresholdPercent is >= 1 and <= 99 && StepPercent is >= 0 and <= 1000 && StepBytes >= 0 && (StepPercent > 0 || StepBytes > 0)
        && LimitBytes > 0 && HeadroomBytes >= 0 && CooldownMinutes is >= 1 and <= 43_200;

#pragma warning disable IL2026, IL3050 // The agent, which is trimmed, has no rules of growing volumes.
    public string ToJson() => JsonSerializer.Serialize(this);

    public static AutoExpandRules FromJson(string json) => JsonSerializer.Deserialize<AutoExpandRules>(json)!;
#pragma warning restore IL2026, IL3050
}
