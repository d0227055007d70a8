namespace Portal.Core.TopoLvm.Nodes.Setup;

/// <summary>How a step from a disk to storage stands.</summary>
public enum SetupState
{
    /// <summary>It is so already.</summary>
    Done,

    /// <summary>It goes on by itself.</summary>
    Working,

    /// <summary>A person can do it now.</summary>
    Open,

    /// <summary>Something else has to come first.</summary>
    Blocked,
}
