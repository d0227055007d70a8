namespace Portal.Core.TopoLvm.Install.Removal;

/// <summary>The groups of objects that are removed together, in this order: what can block the cluster first.</summary>
public enum RemovalStage
{
    Webhook,
    Scheduler,
    Nodes,
    Controller,
    Access,
    Configuration,
    Certificate,
    Storage,
    Definition,
}
