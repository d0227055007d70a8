using CsCheck;
using Portal.Core.TopoLvm.Install;

namespace Portal.Tests.Core.TopoLvm.Install;

public sealed class InstallSpecTests
{
    [Theory]
    [InlineData("Namespace", "Topolvm")]
    [InlineData("Namespace", "-a")]
    [InlineData("Namespace", "kube-system")]
    [InlineData("Registry", "https://harbor.site")]
    [InlineData("Registry", "harbor site")]
    [InlineData("KubeletDirectory", "var/lib/kubelet")]
    [InlineData("KubeletDirectory", "/var/../etc")]
    [InlineData("KubeletDirectory", "/var/lib/kubelet/")]
    [InlineData("ProfileId", "topolvm-9")]
    [InlineData("NodeLabelKey", "a b")]
    public void A_field_that_cannot_be_taken_is_named(string field, string value)
    {
        var spec = field switch
        {
            "Namespace" => new InstallSpec { Namespace = value },
            "Registry" => new InstallSpec { Registry = value },
            "KubeletDirectory" => new InstallSpec { KubeletDirectory = value },
            "ProfileId" => new InstallSpec { ProfileId = value },
            _ => new InstallSpec { NodeLabelKey = value },
        };

        Assert.Equal(field, Assert.Single(InstallSpecRules.Check(spec)).Field);
    }

    [Theory]
    [InlineData("", "myvg1", "DeviceClass.Name")]
    [InlineData("-ssd", "myvg1", "DeviceClass.Name")]
    [InlineData("ssd\n      - name: b", "myvg1", "DeviceClass.Name")]
    [InlineData("ssd", "..", "DeviceClass.VolumeGroup")]
    [InlineData("ssd", "-vg", "DeviceClass.VolumeGroup")]
    [InlineData("ssd", "a b", "DeviceClass.VolumeGroup")]
    public void A_device_class_follows_the_rules_of_lvmd_and_lvm(string name, string group, string field) =>
        Assert.Equal(field, Assert.Single(InstallSpecRules.Check(new() { DeviceClass = new() { Name = name, VolumeGroup = group } })).Field);

    [Fact]
    public void The_default_is_in_order() => Assert.Empty(InstallSpecRules.Check(new()));

    [Fact]
    public void A_spec_comes_back_from_the_journal_as_it_went()
    {
        var specs =
            from profile in Gen.OneOf("superedge-0.10.0", "upstream-0.41.0")
            from ns in Gen.String[Gen.Char['a', 'z'], 1, 20]
            from registry in Gen.String.Select(text => text.Length == 0 ? null : text)
            from replicas in Gen.Int[1, 9].Select(number => number == 9 ? (int?)null : number)
            from mode in Gen.Enum<SchedulingMode>()
            from custom in Gen.String.Select(text => text.Length == 0 ? null : text)
            from isDefault in Gen.Bool
            select new InstallSpec
            {
                ProfileId = profile, Namespace = ns, Registry = registry, ControllerReplicas = replicas, Scheduling = mode, CustomManifests = custom,
                StorageClass = new() { IsDefault = isDefault }, DeviceClass = new() { SpareGb = replicas },
            };
        specs.Sample(spec => Assert.Equal(spec, InstallSpec.FromJson(spec.ToJson())));
    }

    [Fact]
    public void An_older_journal_without_a_field_gets_its_default() =>
        Assert.Equal(new InstallSpec { Registry = "harbor.site" }, InstallSpec.FromJson("""{"registry":"harbor.site"}"""));

    [Theory]
    [InlineData("ghcr.io/topolvm/topolvm-with-sidecar:0.41.0", "harbor.site:5000/mirror", "harbor.site:5000/mirror/topolvm/topolvm-with-sidecar:0.41.0")]
    [InlineData("superedge/topolvm:1", "harbor.site/", "harbor.site/superedge/topolvm:1")]
    [InlineData("busybox", "harbor.site", "harbor.site/library/busybox")]
    [InlineData("localhost/a@sha256:0f", "harbor.site", "harbor.site/a@sha256:0f")]
    [InlineData("ghcr.io/a/b:1", null, "ghcr.io/a/b:1")]
    public void One_registry_takes_the_place_of_every_images_own(string image, string? registry, string expected) =>
        Assert.Equal(expected, ImageReference.WithRegistry(image, registry));

    [Theory]
    [InlineData("superedge-0.10.0", 20, false)]
    [InlineData("superedge-0.10.0", 22, true)]
    [InlineData("superedge-0.10.0", 27, false)]
    [InlineData("upstream-0.41.0", 20, false)]
    [InlineData("upstream-0.41.0", 24, true)]
    [InlineData("upstream-0.41.0", 34, true)]
    public void Capacity_tracking_is_offered_only_where_the_cluster_serves_what_the_version_writes(string profile, int minor, bool offered)
    {
        var whyNot = SchedulingChoice.WhyNot(SchedulingMode.CapacityTracking, InstallProfile.Find(profile)!, GivenCluster.Api(minor));

        Assert.Equal(offered, whyNot is null);
        Assert.Null(SchedulingChoice.WhyNot(SchedulingMode.Extender, InstallProfile.Find(profile)!, GivenCluster.Api(minor)));
    }

    [Theory]
    [InlineData(18, "superedge-0.10.0")]
    [InlineData(20, "superedge-0.10.0")]
    [InlineData(26, "superedge-0.10.0")]
    [InlineData(30, "upstream-0.41.0")]
    [InlineData(34, "upstream-0.41.0")]
    public void The_first_choice_of_profile_follows_the_clusters_version(int minor, string profile) =>
        Assert.Equal(profile, InstallProfile.RecommendedFor(GivenCluster.Api(minor).Version).Id);
}
