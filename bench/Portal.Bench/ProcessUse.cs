using System.Diagnostics;
using System.Globalization;

namespace Portal.Bench;

/// <summary>What a process has used until now, as the kernel counts it (<c>proc(5)</c>).</summary>
/// <param name="Cpu">Of the process itself.</param>
/// <param name="ChildrenCpu">Of the programs that it ran and that have ended.</param>
internal sealed record ProcessUse(TimeSpan Cpu, TimeSpan ChildrenCpu, long ResidentBytes, long HighestBytes, long At)
{
    // The unit of times in /proc on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    public static ProcessUse Of(int id)
    {
        // The program's name stands in brackets and may hold anything.
        var words = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var status = File.ReadAllLines($"/proc/{id}/status");
        return new(Time(words[11], words[12]), Time(words[13], words[14]), Bytes(status, "VmRSS:"), Bytes(status, "VmHWM:"), Stopwatch.GetTimestamp());
    }

    /// <summary>Of the portal with this data folder.</summary>
    public static ProcessUse OfPortal(string data)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder)).Where(name => name.All(char.IsAsciiDigit)))
        {
            var words = ReadOrEmpty($"/proc/{process}/cmdline").Split('\0');
            if (words[0] == "dotnet" && words.Contains(data)) return Of(int.Parse(process, CultureInfo.InvariantCulture));
        }
        throw new InvalidOperationException("The portal's process is not there.");
    }

    /// <summary>Of one core, between an earlier look and this one, without the programs that it ran.</summary>
    public double PercentSince(ProcessUse before) => 100 * (Cpu - before.Cpu) / Stopwatch.GetElapsedTime(before.At, At);

    private static TimeSpan Time(params string[] ticks) => TimeSpan.FromSeconds(ticks.Sum(text => long.Parse(text, CultureInfo.InvariantCulture)) / TicksPerSecond);

    private static long Bytes(string[] status, string name) => 1024 * long.Parse(
        status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // The process has ended meanwhile.
            return "";
        }
    }
}
