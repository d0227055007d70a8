using Portal.Core.Texts;
using Portal.Core.TopoLvm.Volumes.AutoExpand;

namespace Portal.Pages.Volumes;

/// <summary>How a policy of expansion reads.</summary>
internal static class PolicyWords
{
    public static string Of(AutoExpandRules rules) =>
        FutureTexts.Policy(rules.ThresholdPercent, Step(rules), ByteText.Format(rules.LimitBytes), ByteText.Format(rules.HeadroomBytes), rules.CooldownMinutes);

    public static string Step(AutoExpandRules rules) => rules.StepBytes > 0 ? ByteText.Format(rules.StepBytes) : $"{rules.StepPercent} %";
}
