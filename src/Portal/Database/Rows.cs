namespace Portal.Database;

/// <summary>One operation. Titles and problems are messages as JSON, so that each reader sees them in their own language.</summary>
public sealed class OperationRow
{
    public long Id { get; set; }
    public required string Kind { get; set; }
    public required string Title { get; set; }

    /// <summary>What the operation is made from again after a restart; holds no secrets.</summary>
    public required string Parameters { get; set; }

    public required string StartedBy { get; set; }
    public required string State { get; set; }
    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public string? Problem { get; set; }
    public List<StepRow> Steps { get; set; } = [];
}

public sealed class StepRow
{
    public long OperationId { get; set; }
    public int Ordinal { get; set; }
    public required string StepId { get; set; }
    public required string Title { get; set; }
    public required string State { get; set; }
    public string? Report { get; set; }
    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>One write to the cluster, recorded before it is sent.</summary>
public sealed class EffectRow
{
    public long Id { get; set; }
    public long OperationId { get; set; }
    public required string StepId { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>Verb, kind and object, and the body of a patch: "apply DaemonSet topolvm-system/topolvm-node".</summary>
    public required string Text { get; set; }
}

/// <summary>An install profile that somebody edited and named.</summary>
public sealed class ProfileRow
{
    public required string Name { get; set; }

    /// <summary>Id of the profile it was made from.</summary>
    public required string BasedOn { get; set; }

    public required string Yaml { get; set; }
    public required string SavedBy { get; set; }
    public DateTimeOffset SavedAt { get; set; }
}

/// <summary>A text that an lvmd.yaml has had.</summary>
public sealed class LvmdVersionRow
{
    public long Id { get; set; }
    public required string Namespace { get; set; }
    public required string ConfigMap { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>Null when it was not saved with this portal.</summary>
    public string? By { get; set; }

    public required string Text { get; set; }
}

/// <summary>How far the samples of a node's spool have been kept.</summary>
public sealed class SampleMarkRow
{
    public required string Node { get; set; }
    public required string Spool { get; set; }
    public long Sequence { get; set; }
    public DateTimeOffset At { get; set; }
}

/// <summary>A token given out for a node's agent; only its hash is known.</summary>
public sealed class JoinTokenRow
{
    public long Id { get; set; }

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    public required string Hash { get; set; }

    public required string Node { get; set; }
    public required string CreatedBy { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>An agent that was not let in; equal ones of a day are one row.</summary>
public sealed class AgentRefusalRow
{
    public long Id { get; set; }
    public required string Address { get; set; }

    /// <summary>The node it wanted to speak for; null when it did not come to say so.</summary>
    public string? Node { get; set; }

    public required string Reason { get; set; }
    public int Count { get; set; }
    public DateTimeOffset FirstAt { get; set; }
    public DateTimeOffset LastAt { get; set; }
}

/// <summary>LVM's own description of a volume group, as it was after a command.</summary>
public sealed class GroupBackupRow
{
    public long Id { get; set; }
    public required string Node { get; set; }
    public required string VolumeGroup { get; set; }

    /// <summary>The command after which it was taken.</summary>
    public required string OperationId { get; set; }

    public DateTimeOffset At { get; set; }
    public required string Text { get; set; }
}
