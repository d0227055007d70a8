using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>What topolvm-scheduler reads from <c>scheduler-options.yaml</c>; a key that the file leaves out has the program's own default.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Name of the ConfigMap in TopoLVM's namespace, in every profile.</summary>
    public const string ConfigMap = "topolvm-scheduler-options";

    public const string FileName = "scheduler-options.yaml";

    public static readonly SchedulerOptions Default = new();

    /// <summary>Host and port; the host may be left out.</summary>
    public string Listen { get; init; } = ":8000";

    public double DefaultDivisor { get; init; } = 1;

    /// <summary>Divisors by device class as the pods name it: the default class is <see cref="TopoLvmNames.DefaultClass"/> where a StorageClass names none.</summary>
    public ImmutableSortedDictionary<string, double> Divisors { get; init; } = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    /// <summary>The port of <see cref="Listen"/>; null when it has none that can be used.</summary>
    public int? Port => PortOf(Listen);

    public double DivisorOf(string deviceClass) => Divisors.TryGetValue(deviceClass, out var own) ? own : DefaultDivisor;

    /// <summary>What cannot be used, each with its place in the file: "listen", "default-divisor", "divisors/ssd".</summary>
    public ImmutableArray<OptionsFieldProblem> Check()
    {
        var problems = ImmutableArray.CreateBuilder<OptionsFieldProblem>();
        if (Port is null) problems.Add(new("listen", SchedulingTexts.BadListen(Listen)));
        if (!IsDivisor(DefaultDivisor)) problems.Add(new("default-divisor", SchedulingTexts.BadDefaultDivisor(Text(DefaultDivisor))));
        foreach (var (deviceClass, divisor) in Divisors)
        {
            if (!IsDivisor(divisor)) problems.Add(new("divisors/" + deviceClass, SchedulingTexts.BadDivisor(deviceClass, Text(divisor))));
        }
        return problems.ToImmutable();
    }

    public bool Equals(SchedulerOptions? other) => other is not null && Listen == other.Listen && DefaultDivisor.Equals(other.DefaultDivisor) && Divisors.SequenceEqual(other.Divisors);

    public override int GetHashCode() => HashCode.Combine(Listen, DefaultDivisor, Divisors.Count);

    /// <summary>A divisor as the file writes it.</summary>
    public static string Text(double divisor) => divisor.ToString("0.###############", CultureInfo.InvariantCulture) is var plain && double.Parse(plain, CultureInfo.InvariantCulture).Equals(divisor)
        ? plain : divisor.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsDivisor(double divisor) => double.IsFinite(divisor) && divisor > 0;

    private static int? PortOf(string listen)
    {
        var colon = listen.LastIndexOf(':');
        if (colon < 0 || listen.Any(char.IsWhiteSpace)) return null;
        var host = listen[..colon];
        if (host.Contains(':', StringComparison.Ordinal) && !(host.StartsWith('[') && host.EndsWith(']'))) return null;
        return int.TryParse(listen[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port : null;
    }
}

/// <summary>One value of the options that cannot be used.</summary>
/// <param name="Field">The keys that lead to it, joined by slashes.</param>
public sealed record OptionsFieldProblem(string Field, Message Text);
