using Portal.Core.NodeCommands;
using static Portal.Tests.Core.Disks.GivenNode;

namespace Portal.Tests.Core.NodeCommands;

public sealed class VolumeGroupNameTests
{
    [Theory]
    [InlineData("myvg1")]
    [InlineData("a")]
    [InlineData("_vg.1+2-x")]
    public void What_LVM_takes_is_taken(string name) => Assert.Null(VolumeGroupName.WhyNot(name, With()));

    [Theory]
    [InlineData("", "Give the volume group a name.")]
    [InlineData("my vg", "The name my vg holds letters that LVM does not take; use A to Z, a to z, 0 to 9 and + _ . - only.")]
    [InlineData("vg\n", "The name vg\n holds letters that LVM does not take; use A to Z, a to z, 0 to 9 and + _ . - only.")]
    [InlineData("卷", "The name 卷 holds letters that LVM does not take; use A to Z, a to z, 0 to 9 and + _ . - only.")]
    [InlineData("-vg", "The name -vg begins with a hyphen, and LVM would take it for an option; begin it with a letter or a digit.")]
    [InlineData("..", "/dev/.. exists on this node or belongs to the system, so no volume group can be called ..; choose another name.")]
    [InlineData("mapper", "/dev/mapper exists on this node or belongs to the system, so no volume group can be called mapper; choose another name.")]
    [InlineData("sda", "/dev/sda exists on this node or belongs to the system, so no volume group can be called sda; choose another name.")]
    public void What_LVM_does_not_take_is_refused_with_the_reason(string name, string sentence) =>
        Assert.Equal(sentence, VolumeGroupName.WhyNot(name, With(Disk("sda")))?.English);

    [Fact]
    public void The_longest_name_is_the_longest_that_volumes_can_still_carry()
    {
        Assert.Null(VolumeGroupName.WhyNot(new string('a', 81), With()));
        Assert.Equal("NameIsTooLongForVolumes", VolumeGroupName.WhyNot(new string('a', 82), With())?.Key);
        Assert.Equal("NameIsTooLongForVolumes", VolumeGroupName.WhyNot(new string('a', 79) + "-b", With())?.Key);
        Assert.Equal("NameIsTooLong", VolumeGroupName.WhyNot(new string('a', 128), With())?.Key);
    }
}
