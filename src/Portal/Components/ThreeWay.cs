namespace Portal.Components;

/// <summary>Puts together what two people made of one form.</summary>
public static class ThreeWay
{
    /// <summary>Takes into <paramref name="mine"/> what only they have changed; what was typed here stays.</summary>
    /// <param name="before">What both began with; null where there was nothing.</param>
    /// <returns>The fields in which the two differ, each with what they put there: "Name: ops".</returns>
    public static IReadOnlyList<string> Merge<T>(T mine, T? before, T theirs, IEnumerable<FormField<T>> fields) where T : class
    {
        var differing = new List<string>();
        foreach (var field in fields)
        {
            var (my, their) = (field.Get(mine), field.Get(theirs));
            if (my == their) continue;
            if (before is not null && field.Get(before) == my) field.Set(mine, their);
            // Where they left it alone there is nothing to decide.
            else if (before is null || field.Get(before) != their) differing.Add($"{field.Label}: {their}");
        }
        return differing;
    }
}
