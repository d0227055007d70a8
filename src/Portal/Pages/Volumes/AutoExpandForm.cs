using System.Globalization;
using Portal.Components;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes.AutoExpand;

namespace Portal.Pages.Volumes;

/// <summary>What stands in the fields of the dialog for a policy.</summary>
internal sealed class AutoExpandForm
{
    private static readonly AutoExpandRules Usual = new();

    public int? Threshold { get; set; } = Usual.ThresholdPercent;
    public string Step { get; set; } = "";
    public string Limit { get; set; } = "";
    public string Headroom { get; set; } = "";
    public int? Cooldown { get; set; } = Usual.CooldownMinutes;
    public bool IsEnabled { get; set; } = true;

    public static IEnumerable<FormField<AutoExpandForm>> Fields =>
    [
        new(FutureTexts.Threshold, form => Number(form.Threshold ?? Usual.ThresholdPercent), (form, value) => form.Threshold = int.Parse(value, CultureInfo.InvariantCulture)),
        new(FutureTexts.Step, form => form.Step.Trim(), (form, value) => form.Step = value),
        new(FutureTexts.Limit, form => form.Limit.Trim(), (form, value) => form.Limit = value),
        new(FutureTexts.HeadroomLeft, form => form.Headroom.Trim(), (form, value) => form.Headroom = value),
        new(FutureTexts.Cooldown, form => Number(form.Cooldown ?? Usual.CooldownMinutes), (form, value) => form.Cooldown = int.Parse(value, CultureInfo.InvariantCulture)),
        new(FutureTexts.Enabled, form => form.IsEnabled ? FutureTexts.Yes : FutureTexts.No, (form, value) => form.IsEnabled = value == FutureTexts.Yes),
    ];

    /// <summary>The rules, or the sentence that says what is wrong with the fields.</summary>
    public (AutoExpandRules? Rules, string? Problem) Read()
    {
        var rules = Usual with { ThresholdPercent = Threshold ?? Usual.ThresholdPercent, CooldownMinutes = Cooldown ?? Usual.CooldownMinutes };
        var step = Step.Trim();
        if (step.EndsWith('%'))
        {
            if (!int.TryParse(step.TrimEnd('%').Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)) return (null, FutureTexts.StepProblem);
            rules = rules with { StepPercent = percent, StepBytes = 0 };
        }
        else
        {
            if (VolumeSize.Read(step, null).Size is not { } bytes) return (null, FutureTexts.StepProblem);
            rules = rules with { StepPercent = 0, StepBytes = bytes.Value };
        }
        if (VolumeSize.Read(Limit, null).Size is not { } limit) return (null, FutureTexts.LimitProblem);
        var headroom = Headroom.Trim() is "0" or "" ? Quantity.Zero : VolumeSize.Read(Headroom, null).Size;
        if (headroom is null) return (null, FutureTexts.HeadroomProblem);
        rules = rules with { LimitBytes = limit.Value, HeadroomBytes = headroom.Value.Value };
        return rules.IsSound ? (rules, null) : (null, FutureTexts.Unsound);
    }

    /// <param name="rules">null for the usual ones.</param>
    public static AutoExpandForm Of(AutoExpandRules? rules, bool isEnabled)
    {
        var first = rules ?? Usual;
        return new()
        {
            Threshold = first.ThresholdPercent, Cooldown = first.CooldownMinutes, IsEnabled = isEnabled,
            Step = first.StepBytes > 0 ? Quantity.Of(first.StepBytes).ToString() : PolicyWords.Step(first),
            Limit = first.LimitBytes > 0 ? Quantity.Of(first.LimitBytes).ToString() : "",
            Headroom = first.HeadroomBytes > 0 ? Quantity.Of(first.HeadroomBytes).ToString() : "0",
        };
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
