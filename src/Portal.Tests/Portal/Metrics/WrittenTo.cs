using System.Globalization;
using Portal.Tests.Agent;

namespace Portal.Tests.Portal.Metrics;

/// <summary>Loads devices of this machine, and tells what the kernel counted.</summary>
internal static class WrittenTo
{
    /// <summary>Bytes; the seventh number counts sectors of 512 bytes (the kernel's Documentation/block/stat.rst).</summary>
    public static long Device(string device) =>
        512 * long.Parse(File.ReadAllText($"/sys/class/block/{Path.GetFileName(device)}/stat").Split(' ', StringSplitOptions.RemoveEmptyEntries)[6], CultureInfo.InvariantCulture);

    /// <summary>20 MiB past the cache of the kernel, behind what LVM keeps at the beginning of the device.</summary>
    public static Task BurstAsync(string device, CancellationToken cancel) =>
        RealDisks.RunAsync(cancel, "dd", "if=/dev/zero", "of=" + device, "bs=1M", "seek=16", "count=20", "oflag=direct", "conv=notrunc");

    public static async Task InBurstsAsync(string device, TimeSpan load, CancellationToken cancel)
    {
        var until = TimeProvider.System.GetUtcNow() + load;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            await BurstAsync(device, cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancel);
        }
    }
}
