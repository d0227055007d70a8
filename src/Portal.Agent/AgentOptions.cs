using Portal.Core.NodeCommands;

namespace Portal.Agent;

/// <summary>How the agent is started.</summary>
public sealed record AgentOptions
{
    /// <summary>The agent runs in a container: programs run in the mount namespace of the host's first process.</summary>
    public bool HostNamespace { get; init; }

    /// <summary>What the agent remembers: commands, loop devices. Inside and outside of a container it has the same path.</summary>
    public string StateDirectory { get; init; } = "/var/lib/topolvm-portal";

    /// <summary>The only directory that files of loop devices may lie in.</summary>
    public string LoopDirectory { get; init; } = NodeLimits.Default.LoopDirectory;

    /// <summary>What plans keep to, but for the directory of loop devices, which stands above.</summary>
    public NodeLimits Limits { get; init; } = NodeLimits.Default;

    /// <summary>Where the portal is, and who the agent is there; what `run` needs.</summary>
    public Uri? Portal { get; init; }

    public string? Node { get; init; } = Environment.GetEnvironmentVariable("NODE_NAME");

    public string TokenFile { get; init; } = "/var/run/secrets/topolvm-portal/token";

    /// <summary>The authorities of the portal's certificate; null: those that the machine trusts.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>What samples may take of the disk while the portal cannot be reached; older ones are folded when it is reached.</summary>
    public long SpoolLimitBytes { get; init; } = 64 << 20;

    /// <summary>The process whose mount namespace is the host's.</summary>
    public int HostProcess { get; init; } = 1;

    /// <summary>Where the host's files are seen from here.</summary>
    public string HostRoot => HostNamespace ? $"/proc/{HostProcess}/root" : "";
}
