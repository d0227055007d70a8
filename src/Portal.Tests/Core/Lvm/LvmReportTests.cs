using Portal.Core.Lvm;

namespace Portal.Tests.Core.Lvm;

public sealed class LvmReportTests
{
    [Fact]
    public void A_volume_group_is_read_in_bytes()
    {
        var json = """
            {"report": [{"vg": [{"vg_name":"myvg1","vg_uuid":"Xgeofp","vg_size":"3217031168","vg_free":"2143289344","vg_extent_size":"4194304","pv_count":"1","lv_count":"1","vg_missing_pv_count":""}]}]}
            """;

        Assert.Equal([new LvmVolumeGroup("myvg1", "Xgeofp", 3217031168, 2143289344, 4194304, 1, 1, 0)], LvmReport.VolumeGroups(json));
    }

    [Fact]
    public void A_node_without_volume_groups_has_an_empty_report() => Assert.Empty(LvmReport.VolumeGroups("""{"report": [{"vg": []}]}"""));

    [Theory]
    [InlineData("", "could not be read")]
    [InlineData("[]", "could not be read")]
    [InlineData("""{"report": [{}]}""", "could not be read")]
    [InlineData("""{"report": [{"vg": [{}]}]}""", "no column vg_name")]
    [InlineData("""{"report": [{"vg": [{"vg_name":"a","vg_uuid":"b","vg_size":"3g"}]}]}""", "\"3g\" in column vg_size")]
    public void A_report_that_cannot_be_read_says_what_is_wrong(string json, string what) =>
        Assert.Contains(what, Assert.Throws<FormatException>(() => LvmReport.VolumeGroups(json)).Message);
}
