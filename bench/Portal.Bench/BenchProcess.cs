using System.Diagnostics;

namespace Portal.Bench;

/// <summary>This program once more, as a process of its own that is spoken to line by line.</summary>
internal static class BenchProcess
{
    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [typeof(BenchProcess).Assembly.Location, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;
}
