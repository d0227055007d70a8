using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Components.Why;

/// <summary>How the parts of a diagnosis are named to people.</summary>
public static class WhyText
{
    public static string KindOf(SubjectKind kind) => kind switch
    {
        SubjectKind.Pod => WhyTexts.KindPod,
        SubjectKind.Claim => WhyTexts.KindClaim,
        SubjectKind.LogicalVolume => WhyTexts.KindLogicalVolume,
        _ => WhyTexts.KindNode,
    };

    /// <summary>"Pod shop/db-0".</summary>
    public static string NameOf(Subject subject) => $"{KindOf(subject.Kind)} {subject.Name}";

    public static string LinkTo(MendingPlace place) => place.Page switch
    {
        MendingPage.Overview => WhyTexts.ToOverview,
        MendingPage.Install => WhyTexts.ToInstall,
        MendingPage.Node when place.Of is { } node => WhyTexts.ToNode(node.Name),
        MendingPage.Nodes or MendingPage.Node => WhyTexts.ToNodes,
        MendingPage.DeviceClasses => WhyTexts.ToDeviceClasses,
        MendingPage.Scheduling => WhyTexts.ToScheduling,
        MendingPage.Volume when place.Of is { } claim => WhyTexts.ToVolume(claim.Name),
        _ => WhyTexts.ToVolumes,
    };
}
