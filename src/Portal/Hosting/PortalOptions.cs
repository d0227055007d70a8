using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Verification;
using Portal.Database;

namespace Portal.Hosting;

/// <summary>How the portal is started.</summary>
public sealed record PortalOptions
{
    public const string DefaultHost = "127.0.0.1";
    public const int DefaultPort = 8080;

    /// <summary>A kubeconfig file; null: KUBECONFIG, then ~/.kube/config, then the pod's own account.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The kubeconfig's context; null: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>Use the simulated cluster even when there is a kubeconfig.</summary>
    public bool Demo { get; init; }

    /// <summary>The simulated cluster is one in use, with a past; otherwise TopoLVM is still to be installed.</summary>
    public bool DemoInUse { get; init; }

    /// <summary>Run an agent on each node of the simulated cluster.</summary>
    public bool DemoAgents { get; init; }

    /// <summary>The label by which nodes are enabled for storage.</summary>
    public NodeLabel NodeLabel { get; init; } = NodeLabel.Default;

    /// <summary>What the pods of a verification run; a site without a way out names one in its own registry.</summary>
    public string VerifyImage { get; init; } = VerificationSpec.DefaultImage;

    /// <summary>Where the keys live, and the database that is not elsewhere.</summary>
    public string Data { get; init; } = DefaultData;

    /// <summary>A database of PostgreSQL; null: a file in <see cref="Data"/>.</summary>
    public DatabaseAddress? Database { get; init; }

    /// <summary>Addresses to listen on, separated by semicolons; null: port 8080 of the loopback address, or the next free one.</summary>
    public string? Urls { get; init; }

    /// <summary>Addresses for the agents of nodes, and for nothing else, separated by semicolons; null: agents come where the pages are.</summary>
    public string? AgentUrls { get; init; }

    /// <summary>The certificate of <see cref="AgentUrls"/> as PEM, and those between it and its authority.</summary>
    public string? AgentCertificate { get; init; }

    /// <summary>Its private key as PEM.</summary>
    public string? AgentKey { get; init; }

    /// <summary>A Prometheus, or what speaks its HTTP API, that scrapes the portal's /metrics and is asked for long ranges; null: the portal's own history.</summary>
    public Uri? Prometheus { get; init; }

    /// <summary>Where the demo's site in use keeps its own history, which is no other cluster's.</summary>
    public static string DefaultDataInUse => Path.Combine(DefaultData, InUse);

    /// <summary>What the demo's site in use is called in arguments.</summary>
    public const string InUse = "in-use";

    public static string DefaultData => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "topolvm-portal");
}
