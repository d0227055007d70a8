using Portal.Core.Kubernetes;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Volumes.AutoExpand;

/// <summary>What a policy does to a volume now: a new size, a sentence why not, or neither.</summary>
public sealed record AutoExpandDecision(Quantity? Size, Message? Problem)
{
    private static readonly AutoExpandDecision Nothing = new(null, null);

    /// <summary>Never above the limit, and never so that less than the headroom is left.</summary>
    /// <param name="usedBytes">What files take of the file system.</param>
    /// <param name="sizeBytes">Of the file system.</param>
    /// <param name="lastAt">When it was expanded by its policy last; null when it never was.</param>
    /// <param name="promisedBytes">What other volumes of the same node and class are about to get.</param>
    public static AutoExpandDecision For(Volume volume, double usedBytes, double sizeBytes, AutoExpandRules rules, DateTimeOffset? lastAt, long promisedBytes, DateTimeOffset now)
    {
        if (sizeBytes <= 0 || 100 * usedBytes / sizeBytes < rules.ThresholdPercent) return Nothing;
        // What is on its way is followed elsewhere.
        if (volume.Resize is not null || (lastAt is { } last && now - last < TimeSpan.FromMinutes(rules.CooldownMinutes))) return Nothing;
        if (volume.WhyNotResize() is { } never) return new(null, never);
        if (volume is not { RequestedBytes: { } asked, LogicalVolumeBytes: { } has, Headroom: { } room }) return new(null, AutoExpandTexts.RoomUnknown(volume.Name));

        var step = rules.StepBytes > 0 ? rules.StepBytes : (long)((decimal)asked * rules.StepPercent / 100);
        var limit = volume.Release.RoundDown(rules.LimitBytes);
        if (limit <= asked) return new(null, AutoExpandTexts.AtLimit(volume.Name, ByteText.Format(asked), ByteText.Format(rules.LimitBytes)));
        var free = room.FreeBytes - promisedBytes;
        var fits = volume.Release.RoundDown(has + Math.Max(0, free - rules.HeadroomBytes));
        if (fits <= Math.Max(asked, has)) return new(null, AutoExpandTexts.NoHeadroom(volume.Name, ByteText.Format(Math.Max(0, free)), room.Node, ByteText.Format(rules.HeadroomBytes)));
        var wanted = volume.Release.RoundUp(asked > long.MaxValue / 2 - step ? long.MaxValue / 2 : asked + Math.Max(step, 1));
        var size = Quantity.Of(Math.Min(wanted, Math.Min(limit, fits)));
        return volume.WhyNotResize(size) is { } why ? new(null, why) : new(size, null);
    }

    /// <summary>What the volumes of a node and class are about to get, and have not got yet.</summary>
    public static long Promised(StorageState storage, Volume volume) => storage.ClaimedVolumes
        .Where(other => other.Name != volume.Name && other.Node == volume.Node && other.DeviceClass == volume.DeviceClass)
        .Sum(other => Math.Max(0, (other.RequestedBytes ?? 0) - (other.LogicalVolumeBytes ?? other.RequestedBytes ?? 0)));
}
