using Portal.Core.TopoLvm;

namespace Portal.Components;

/// <summary>An installation in one line: version, namespace, and who put it there.</summary>
public static class InstallationText
{
    public static string Describe(Installation installation) =>
        ComponentTexts.InstallationIs(installation.Version ?? ComponentTexts.UnknownVersion, installation.Namespace ?? ComponentTexts.NoNamespace, Origin(installation.Origin));

    public static string Origin(InstallationOrigin origin) => origin switch
    {
        InstallationOrigin.Portal => ComponentTexts.ByPortal,
        InstallationOrigin.Edgeadm => ComponentTexts.ByEdgeadm,
        InstallationOrigin.Helm => ComponentTexts.ByHelm,
        _ => ComponentTexts.ByHand,
    };
}
