namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>What a person asks for when TopoLVM is removed.</summary>
public sealed record RemovalSpec
{
    public string Namespace { get; init; } = InstallSpec.DefaultNamespace;

    /// <summary>"topolvm.cybozu.com" or "topolvm.io".</summary>
    public string Group { get; init; } = TopoLvmNames.Legacy.Group;

    /// <summary>Claims, volumes and the CRD go too, and with them the data. The page asks for a typed confirmation first.</summary>
    public bool DeleteData { get; init; }

    /// <summary>Takes the label that enables nodes for TopoLVM off every node.</summary>
    public bool RemoveNodeLabels { get; init; }

    public NodeLabel NodeLabel { get; init; } = NodeLabel.Default;

    public TopoLvmNames Names() => TopoLvmNames.All.FirstOrDefault(names => names.Group == Group) ?? new(Group);

    public string ToJson() => InstallJson.Write(this);

    public static RemovalSpec FromJson(string json) => InstallJson.Read<RemovalSpec>(json);
}
