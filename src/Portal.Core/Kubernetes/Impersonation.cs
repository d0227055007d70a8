using System.Collections.Immutable;

namespace Portal.Core.Kubernetes;

/// <summary>In whose name requests are made; the caller's own credentials must be allowed to impersonate.</summary>
public sealed record Impersonation(string User)
{
    public ImmutableArray<string> Groups { get; init; } = [];
    public string? Uid { get; init; }
    public ImmutableDictionary<string, ImmutableArray<string>> Extra { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    internal void AddTo(HttpRequestMessage message)
    {
        message.Headers.TryAddWithoutValidation("Impersonate-User", User);
        foreach (var group in Groups) message.Headers.TryAddWithoutValidation("Impersonate-Group", group);
        if (Uid is not null) message.Headers.TryAddWithoutValidation("Impersonate-Uid", Uid);
        foreach (var (key, values) in Extra)
            foreach (var value in values) message.Headers.TryAddWithoutValidation("Impersonate-Extra-" + Uri.EscapeDataString(key), value);
    }
}
