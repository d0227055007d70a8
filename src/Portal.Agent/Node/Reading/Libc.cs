using System.Runtime.InteropServices;

namespace Portal.Agent.Node.Reading;

/// <summary>The few calls of the C library that .NET does not offer. Numbers are those of Linux on 64-bit machines.</summary>
internal static partial class Libc
{
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Busy = 16;
    private const int TerminateSignal = 15;

    /// <summary>A block device that something in the kernel uses (a mount, LVM, RAID, swap) cannot be opened exclusively (open(2)).</summary>
    public static bool IsHeld(string path)
    {
        var file = Open(path, Exclusive | NonBlocking | CloseOnExec);
        if (file < 0) return Marshal.GetLastPInvokeError() == Busy;
        Close(file);
        return false;
    }

    /// <summary>null when there is no such file system, or it does not answer.</summary>
    public static FileSystemUse? Use(string path) => StatVfs(path, out var found) == 0 ? new(
        Bytes(found.Blocks, found.FragmentSize), Bytes(found.Blocks - found.BlocksFree, found.FragmentSize),
        Bytes(found.BlocksAvailable, found.FragmentSize), (long)found.Files, (long)(found.Files - found.FilesFree)) : null;

    /// <summary>Makes the names in a folder outlive a power failure.</summary>
    /// <exception cref="IOException">The folder is not there, or its disk fails.</exception>
    public static void SyncFolder(string path)
    {
        var folder = Open(path, CloseOnExec);
        var failed = folder < 0 || Sync(folder) < 0;
        var error = Marshal.GetLastPInvokeErrorMessage();
        if (folder >= 0) Close(folder);
        if (failed) throw new IOException($"{path} could not be synced: {error}");
    }

    /// <summary>Asks a process to end; one that has ended is left in peace.</summary>
    public static void Terminate(int process) => Kill(process, TerminateSignal);

    private static long Bytes(ulong blocks, ulong size) => (long)(blocks * size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatVfs(string path, out StatVfsBuffer found);

    // struct statvfs of glibc and musl.
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct StatVfsBuffer
    {
        public ulong BlockSize;
        public ulong FragmentSize;
        public ulong Blocks;
        public ulong BlocksFree;
        public ulong BlocksAvailable;
        public ulong Files;
        public ulong FilesFree;
    }
}

/// <summary>How full a file system is.</summary>
/// <param name="AvailableBytes">To others than root.</param>
internal sealed record FileSystemUse(long SizeBytes, long UsedBytes, long AvailableBytes, long Inodes, long UsedInodes);
