using YamlDotNet.Serialization;

namespace Portal.Core.Kubernetes.Kubeconfig;

// The fields of a kubeconfig file (v1 Config) that the portal uses, as they stand in the file. Classes, not records: a record
// would print the secrets it holds.

internal sealed class KubeconfigDocument
{
    [YamlMember(Alias = "current-context", ApplyNamingConventions = false)]
    public string? CurrentContext { get; set; }

    public List<NamedCluster>? Clusters { get; set; }
    public List<NamedUser>? Users { get; set; }
    public List<NamedContext>? Contexts { get; set; }
}

internal sealed class NamedCluster
{
    public string Name { get; set; } = "";
    public ClusterEntry? Cluster { get; set; }
}

internal sealed class NamedUser
{
    public string Name { get; set; } = "";
    public UserEntry? User { get; set; }
}

internal sealed class NamedContext
{
    public string Name { get; set; } = "";
    public ContextEntry? Context { get; set; }
}

internal sealed class ContextEntry
{
    public string Cluster { get; set; } = "";
    public string User { get; set; } = "";
    public string? Namespace { get; set; }
}

internal sealed class ClusterEntry
{
    public string? Server { get; set; }

    [YamlMember(Alias = "certificate-authority", ApplyNamingConventions = false)]
    public string? CertificateAuthority { get; set; }

    [YamlMember(Alias = "certificate-authority-data", ApplyNamingConventions = false)]
    public string? CertificateAuthorityData { get; set; }

    [YamlMember(Alias = "insecure-skip-tls-verify", ApplyNamingConventions = false)]
    public bool InsecureSkipTlsVerify { get; set; }

    [YamlMember(Alias = "tls-server-name", ApplyNamingConventions = false)]
    public string? TlsServerName { get; set; }

    [YamlMember(Alias = "proxy-url", ApplyNamingConventions = false)]
    public string? ProxyUrl { get; set; }

    public List<NamedExtension>? Extensions { get; set; }
}

internal sealed class NamedExtension
{
    public string Name { get; set; } = "";
    public object? Extension { get; set; }
}

internal sealed class UserEntry
{
    [YamlMember(Alias = "client-certificate", ApplyNamingConventions = false)]
    public string? ClientCertificate { get; set; }

    [YamlMember(Alias = "client-certificate-data", ApplyNamingConventions = false)]
    public string? ClientCertificateData { get; set; }

    [YamlMember(Alias = "client-key", ApplyNamingConventions = false)]
    public string? ClientKey { get; set; }

    [YamlMember(Alias = "client-key-data", ApplyNamingConventions = false)]
    public string? ClientKeyData { get; set; }

    public string? Token { get; set; }

    [YamlMember(Alias = "tokenFile", ApplyNamingConventions = false)]
    public string? TokenFile { get; set; }

    public string? Username { get; set; }
    public string? Password { get; set; }
    public ExecEntry? Exec { get; set; }

    [YamlMember(Alias = "auth-provider", ApplyNamingConventions = false)]
    public AuthProviderEntry? AuthProvider { get; set; }

    [YamlMember(Alias = "as", ApplyNamingConventions = false)]
    public string? ImpersonateUser { get; set; }

    [YamlMember(Alias = "as-uid", ApplyNamingConventions = false)]
    public string? ImpersonateUid { get; set; }

    [YamlMember(Alias = "as-groups", ApplyNamingConventions = false)]
    public List<string>? ImpersonateGroups { get; set; }

    [YamlMember(Alias = "as-user-extra", ApplyNamingConventions = false)]
    public Dictionary<string, List<string>>? ImpersonateExtra { get; set; }
}

internal sealed class ExecEntry
{
    public string? ApiVersion { get; set; }
    public string? Command { get; set; }
    public List<string>? Args { get; set; }
    public List<ExecVariable>? Env { get; set; }
    public string? InstallHint { get; set; }
    public string? InteractiveMode { get; set; }
    public bool ProvideClusterInfo { get; set; }
}

internal sealed class ExecVariable
{
    public string Name { get; set; } = "";
    public string Value { get; set; } = "";
}

internal sealed class AuthProviderEntry
{
    public string Name { get; set; } = "";
}
