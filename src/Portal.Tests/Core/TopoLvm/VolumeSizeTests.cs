using CsCheck;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;

namespace Portal.Tests.Core.TopoLvm;

public sealed class VolumeSizeTests
{
    [Theory]
    [InlineData("15Gi", "15Gi")]
    [InlineData("15 GiB", "15Gi")]
    [InlineData("15gib", "15Gi")]
    [InlineData(" 1.5 TiB ", "1536Gi")]
    [InlineData("1,5Ti", "1536Gi")]
    [InlineData("20GB", "20G")]
    [InlineData("20 g", "20G")]
    [InlineData("500 mb", "500M")]
    [InlineData("1073741824B", "1Gi")]
    [InlineData("+5 GiB", "15Gi")]
    [InlineData("+512Mi", "10752Mi")]
    [InlineData("+ 1Ti", "1034Gi")]
    public void A_size_is_read_as_a_person_writes_it(string text, string size)
    {
        var read = VolumeSize.Read(text, Quantity.Parse("10Gi"));

        Assert.Null(read.Problem);
        Assert.Equal(size, read.Size.ToString());
    }

    [Theory]
    [InlineData("", "SizeUnreadable")]
    [InlineData("much", "SizeUnreadable")]
    [InlineData("-5Gi", "SizeUnreadable")]
    [InlineData("0Gi", "SizeUnreadable")]
    [InlineData("9999999Pi", "SizeUnreadable")]
    [InlineData("15", "SizeWithoutUnit")]
    [InlineData("15m", "SizeWithoutUnit")]
    [InlineData("15 apples", "SizeWithoutUnit")]
    public void What_is_no_size_is_refused_with_an_example(string text, string key)
    {
        var read = VolumeSize.Read(text, Quantity.Parse("10Gi"));

        Assert.Null(read.Size);
        Assert.Equal(key, read.Problem!.Key);
    }

    [Fact]
    public void Nothing_can_be_added_where_nothing_is() => Assert.Equal("SizePlusNothing", VolumeSize.Read("+5Gi", null).Problem!.Key);

    [Fact]
    public void Every_whole_size_that_Kubernetes_writes_comes_back_as_it_is() => Gen.Long[1024, 1L << 50].Sample(bytes =>
    {
        var written = Quantity.Of(bytes).ToString();
        if (char.IsAsciiDigit(written[^1])) written += "B";

        Assert.Equal(bytes, VolumeSize.Read(written, null).Size!.Value.Value);
    });
}
