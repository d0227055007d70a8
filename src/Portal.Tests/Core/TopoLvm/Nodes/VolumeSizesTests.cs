using CsCheck;
using Portal.Core.TopoLvm.Nodes;

namespace Portal.Tests.Core.TopoLvm.Nodes;

public sealed class VolumeSizesTests
{
    private const long Gi = 1L << 30;
    private const long Mi = 1L << 20;

    [Theory]
    [InlineData("0.10.0", 0, "xfs", Gi)]
    [InlineData("0.10.0", 1, "xfs", Gi)]
    [InlineData("0.10.0", Gi + 1, "xfs", 2 * Gi)]
    [InlineData("0.28.1", 100, "ext4", Gi)]
    [InlineData("v0.41.0", 0, "ext4", Gi)]
    [InlineData("0.41.0", 1, "xfs", 300 * Mi)]
    [InlineData("0.41.0", 1, "btrfs", 200 * Mi)]
    [InlineData("0.41.0", 1, "", 32 * Mi)]
    [InlineData("0.41.0", 1, null, 8 * Mi)]
    [InlineData("0.41.0", Gi + 1, "xfs", Gi + 4096)]
    [InlineData(null, Gi + 1, "xfs", Gi + 4096)]
    public void A_request_is_rounded_as_the_version_does(string? version, long asked, string? fileSystem, long made) =>
        Assert.Equal(made, VolumeSizes.Of(version).Made(asked, fileSystem));

    [Theory]
    [InlineData("0.10.0", Gi - 1, "xfs", 0)]
    [InlineData("0.10.0", 3 * Gi - 1, "xfs", 2 * Gi)]
    [InlineData("0.41.0", 300 * Mi - 1, "xfs", 0)]
    [InlineData("0.41.0", 300 * Mi + 4097, "xfs", 300 * Mi + 4096)]
    [InlineData("0.41.0", 8 * Mi, null, 8 * Mi)]
    [InlineData("0.41.0", -1, null, 0)]
    public void The_largest_claim_is_as_large_as_the_version_allows(string version, long available, string? fileSystem, long largest) =>
        Assert.Equal(largest, VolumeSizes.Of(version).Largest(available, fileSystem));

    [Fact]
    public void The_largest_claim_fits_and_one_byte_more_does_not() =>
        Gen.Select(Gen.Long[0, 1L << 50], Gen.OneOf(Gen.Const("0.10.0"), Gen.Const("0.41.0")), Gen.OneOf(Gen.Const("xfs"), Gen.Const("ext4"), Gen.Const("btrfs"), Gen.Const(""))).Sample((available, version, fileSystem) =>
        {
            var sizes = VolumeSizes.Of(version);
            var largest = sizes.Largest(available, fileSystem);

            if (largest > 0) Assert.Equal(largest, sizes.Made(largest, fileSystem));
            Assert.True(largest <= available);
            Assert.True(sizes.Made(largest + 1, fileSystem) > available);
        });
}
