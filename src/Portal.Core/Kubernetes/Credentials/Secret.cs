namespace Portal.Core.Kubernetes.Credentials;

/// <summary>A token, password or key: whatever prints it by accident prints nothing.</summary>
public sealed class Secret(string value)
{
    public string Reveal() => value;

    public bool IsSameAs(Secret other) => value == other.Reveal();

    public override string ToString() => "";
}
