using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Portal.Core.Disks;
using Portal.Core.Texts;

namespace Portal.Core.NodeCommands;

/// <summary>How a volume group may be called: <c>lvm(8)</c>, "Valid names", and what TopoLVM's volumes need beside it.</summary>
public static partial class VolumeGroupName
{
    private const int Longest = 127;

    // The kernel's name of a volume has 127 letters at most (DM_NAME_LEN), hyphens doubled: group, hyphen, a UUID with its four hyphens, and
    // "-real" while there is a snapshot.
    private const int BesideInKernel = 1 + 40 + 5;

    // A group is a folder of /dev.
    private static readonly ImmutableHashSet<string> Taken =
    [
        "autofs", "block", "bsg", "bus", "char", "console", "core", "cpu", "cpu_dma_latency", "disk", "dm-0", "dma_heap", "dri", "fd", "full", "fuse", "gpiochip0",
        "hpet", "hugepages", "hwrng", "initctl", "input", "kmsg", "kvm", "log", "loop-control", "mapper", "mcelog", "md", "mem", "mqueue", "net", "null",
        "nvram", "port", "ppp", "pps0", "ptmx", "ptp0", "pts", "random", "raw", "rfkill", "rtc", "shm", "snapshot", "snd", "stderr", "stdin", "stdout", "tpm0",
        "tty", "uhid", "uinput", "urandom", "usb", "userio", "vfio", "vga_arbiter", "vhci", "vhost-net", "vhost-vsock", "watchdog", "zero", "zfs",
    ];

    /// <summary>Null, or why a new group cannot have the name on that node.</summary>
    public static Message? WhyNot(string name, NodeInventory inventory) =>
        name.Length == 0 ? NodePlanTexts.NameIsEmpty
        : name.Length > Longest ? NodePlanTexts.NameIsTooLong(name, name.Length, Longest)
        : !Letters().IsMatch(name) ? NodePlanTexts.NameHasOtherLetters(name)
        : name[0] == '-' ? NodePlanTexts.NameBeginsWithHyphen(name)
        : name is "." or ".." || Taken.Contains(name) || inventory.Devices.Any(device => device.Name == name) ? NodePlanTexts.NameIsTaken(name)
        : name.Length + name.Count(letter => letter == '-') + BesideInKernel > Longest ? NodePlanTexts.NameIsTooLongForVolumes(name) : null;

    [GeneratedRegex(@"^[A-Za-z0-9+_.-]+\z")]
    private static partial Regex Letters();
}
