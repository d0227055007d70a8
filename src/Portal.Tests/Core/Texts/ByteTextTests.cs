using Portal.Core.Texts;

namespace Portal.Tests.Core.Texts;

public sealed class ByteTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(3L << 30, "3 GiB")]
    [InlineData((3L << 30) - (1 << 22), "3 GiB")]
    [InlineData(21474836480, "20 GiB")]
    public void Sizes_read_as_people_write_them(long bytes, string text) => Assert.Equal(text, ByteText.Format(bytes));
}
