namespace Portal.Agent.Programs;

/// <summary>The package that brings a program, as Debian, Ubuntu, RHEL, openEuler and their kin name it.</summary>
internal static class ProgramPackages
{
    private static readonly string[] Lvm =
        ["lvm", "vgcreate", "vgextend", "vgreduce", "vgremove", "vgchange", "lvchange", "vgcfgbackup", "pvcreate", "pvremove", "pvresize", "pvmove"];

    public static string Of(string program) => Lvm.Contains(Path.GetFileName(program)) ? "lvm2" : "util-linux";
}
