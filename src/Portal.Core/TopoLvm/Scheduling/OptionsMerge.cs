using System.Collections.Immutable;

namespace Portal.Core.TopoLvm.Scheduling;

/// <summary>Two people's changes of the same options put together.</summary>
/// <param name="Options">Theirs, with what I changed on top.</param>
/// <param name="Conflicts">The fields that both changed to different values; mine stands in <paramref name="Options"/>.</param>
public sealed record OptionsMerge(SchedulerOptions Options, ImmutableArray<string> Conflicts)
{
    public static OptionsMerge Of(SchedulerOptions before, SchedulerOptions theirs, SchedulerOptions mine)
    {
        var conflicts = ImmutableArray.CreateBuilder<string>();
        var merged = new SchedulerOptions
        {
            Listen = Pick("listen", before.Listen, theirs.Listen, mine.Listen),
            DefaultDivisor = Pick("default-divisor", before.DefaultDivisor, theirs.DefaultDivisor, mine.DefaultDivisor),
            Divisors = before.Divisors.Keys.Union(theirs.Divisors.Keys).Union(mine.Divisors.Keys)
                .Select(name => (Name: name, Divisor: Pick("divisors/" + name, Find(before, name), Find(theirs, name), Find(mine, name))))
                .Where(one => one.Divisor is not null).ToImmutableSortedDictionary(one => one.Name, one => one.Divisor!.Value, StringComparer.Ordinal),
        };
        return new(merged, conflicts.ToImmutable());

        T Pick<T>(string field, T old, T their, T my)
        {
            if (Equals(my, old)) return their;
            if (!Equals(their, old) && !Equals(their, my)) conflicts.Add(field);
            return my;
        }
    }

    private static double? Find(SchedulerOptions options, string name) => options.Divisors.TryGetValue(name, out var divisor) ? divisor : null;
}
