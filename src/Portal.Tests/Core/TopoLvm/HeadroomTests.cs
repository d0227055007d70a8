using System.Collections.Immutable;
using CsCheck;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using static Portal.Tests.Core.TopoLvm.GivenVolume;

namespace Portal.Tests.Core.TopoLvm;

public sealed class HeadroomTests
{
    [Theory]
    // 0.10.0 makes whole GiB, so half a GiB of the free space is of no use.
    [InlineData("0.10.0", "10Gi", 4.5, "14Gi", null)]
    [InlineData("0.10.0", "10Gi", 4.5, "14.5Gi", "NoResizeFull")]
    [InlineData("0.10.0", "10Gi", 4.5, "15Gi", "NoResizeFull")]
    [InlineData("0.41.0", "10Gi", 4.5, "14.5Gi", null)]
    [InlineData("0.41.0", "10Gi", 4.5, "14849Mi", "NoResizeFull")]
    // A size between two extents takes the next one.
    [InlineData("0.41.0", "10Gi", 0.00390625, "10241Mi", null)]
    [InlineData("0.41.0", "10Gi", 0.00390625, "10245Mi", "NoResizeFull")]
    [InlineData("0.41.0", "10Gi", 4.5, "10Gi", "NoResizeSame")]
    [InlineData("0.41.0", "10Gi", 4.5, "9Gi", "NoResizeShrink")]
    [InlineData("0.41.0", "10Gi", 0, "11Gi", "NoResizeFull")]
    public void A_volume_grows_as_far_as_its_own_node_has_room_counted_as_the_version_counts(string version, string size, double freeGibibytes, string wish, string? refusal) =>
        Assert.Equal(refusal, Of(size, (long)(freeGibibytes * Gibibyte), version).WhyNotResize(Quantity.Parse(wish))?.Key);

    [Fact]
    public void The_refusal_holds_the_numbers() => Assert.Equal(
        "Node edge-1 has 4 GiB free in ssd; 10 GiB more were asked for shop/data. The largest size it can take is 14 GiB.",
        Of("10Gi", 4 * Gibibyte).WhyNotResize(Quantity.Parse("20Gi"))!.English);

    [Fact]
    public void A_volume_of_the_default_class_is_measured_by_what_is_published_for_it() => Assert.Equal(
        "Node edge-1 has 4 GiB free in the default class; 10 GiB more were asked for shop/data. The largest size it can take is 14 GiB.",
        Of("10Gi", 4 * Gibibyte, deviceClass: "").WhyNotResize(Quantity.Parse("20Gi"))!.English);

    public static TheoryData<string, Volume> Obstacles
    {
        get
        {
            var volume = Of("10Gi", 4 * Gibibyte);
            return new()
            {
                { "NoResizeWithoutClaim", volume with { Claim = null } },
                { "NoResizeBeingDeleted", volume with { Claim = volume.Claim! with { Metadata = volume.Claim.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } } } },
                { "NoResizeUnbound", volume with { Claim = volume.Claim with { Status = new() { Phase = "Pending" } } } },
                { "NoResizeWithoutVolume", volume with { LogicalVolume = null } },
                { "NoResizeWithoutClass", volume with { StorageClass = null } },
                { "NoResizeByClass", volume with { StorageClass = volume.StorageClass! with { AllowVolumeExpansion = false } } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Obstacles))]
    public void A_volume_that_cannot_grow_says_why(string key, Volume volume)
    {
        Assert.Equal(key, volume.WhyNotResize()!.Key);
        Assert.Equal(key, volume.WhyNotResize(Quantity.Parse("11Gi"))!.Key);
    }

    [Theory]
    [InlineData("requests.storage", "12Gi", "NoResizeQuota")]
    [InlineData("ssd.storageclass.storage.k8s.io/requests.storage", "12Gi", "NoResizeQuota")]
    [InlineData("other.storageclass.storage.k8s.io/requests.storage", "12Gi", null)]
    [InlineData("requests.storage", "13Gi", null)]
    [InlineData("persistentvolumeclaims", "1", null)]
    public void A_quota_of_the_namespace_counts_what_is_asked_for_beside_what_is_used(string resource, string hard, string? refusal)
    {
        var quota = new ResourceQuota
        {
            Metadata = new() { Namespace = "shop", Name = "disk" },
            Status = new() { Hard = Words(resource, hard), Used = Words(resource, resource.EndsWith("claims", StringComparison.Ordinal) ? "1" : "10Gi") },
        };
        var problem = (Of("10Gi", 40 * Gibibyte) with { Quotas = [quota] }).WhyNotResize(Quantity.Parse("13Gi"));

        Assert.Equal(refusal is null ? null : $"Quota disk allows 12Gi of {resource}, and 10Gi are used; 3Gi more were asked for.", problem?.English);
    }

    [Fact]
    public void Volumes_of_one_node_and_class_share_its_room()
    {
        var volume = Of("10Gi", 4 * Gibibyte);

        Assert.Null(Headroom.WhyNotTogether([(volume, 12 * Gibibyte), (volume, 12 * Gibibyte)]));
        Assert.Equal("Node edge-1 has 4 GiB free in ssd; the 2 volumes on it ask for 5 GiB more together.",
            Headroom.WhyNotTogether([(volume, 12 * Gibibyte), (volume, 13 * Gibibyte)])!.English);
    }

    [Fact]
    public void The_largest_size_fits_and_the_next_step_does_not()
    {
        var volumes = from version in Gen.Int[0, 2].Select(at => new[] { "0.10.0", "0.15.0", "0.41.0" }[at])
            from size in Gen.Int[1, 2000]
            from free in Gen.Long[0, 1L << 44]
            select Of(size + "Gi", free, version);

        volumes.Sample(volume =>
        {
            var room = volume.Headroom!;
            Assert.True(room.LargestBytes - volume.LogicalVolumeBytes <= room.FreeBytes);
            Assert.Null(room.WhyNot(volume, room.LargestBytes));
            Assert.NotNull(room.WhyNot(volume, room.LargestBytes + 1));
            Assert.True(room.LargestBytes + volume.Release.StepBytes - volume.LogicalVolumeBytes > room.FreeBytes);
        });
    }

    private static ImmutableDictionary<string, string> Words(string key, string value) => ImmutableDictionary<string, string>.Empty.Add(key, value);
}
