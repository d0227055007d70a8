using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Core.Kubernetes.Credentials;

/// <summary>What an exec plugin printed.</summary>
/// <param name="ExpiresAt">Null when it lasts until the server refuses it.</param>
internal sealed record ExecCredential(Secret? Token, string? ClientCertificate, Secret? ClientKey, DateTimeOffset? ExpiresAt)
{
    /// <summary>Throws <see cref="JsonException"/> with a reason for a person.</summary>
    public static ExecCredential Parse(string output, string apiVersion)
    {
        var answer = JsonNode.Parse(output) as JsonObject ?? throw new JsonException("it is not a JSON object");
        if ((string?)answer["kind"] != "ExecCredential") throw new JsonException($"its kind is '{answer["kind"]}' instead of 'ExecCredential'");
        if ((string?)answer["apiVersion"] != apiVersion) throw new JsonException($"its apiVersion is '{answer["apiVersion"]}' instead of '{apiVersion}'");
        var status = answer["status"].Deserialize(KubeJson.Of<Answer>()) ?? throw new JsonException("it has no status");
        if (string.IsNullOrEmpty(status.Token) && string.IsNullOrEmpty(status.ClientCertificateData))
            throw new JsonException("it holds neither a token nor a client certificate");
        if (string.IsNullOrEmpty(status.ClientCertificateData) != string.IsNullOrEmpty(status.ClientKeyData))
            throw new JsonException("it holds a client certificate or a key without the other");
        return new(AsSecret(status.Token), status.ClientCertificateData, AsSecret(status.ClientKeyData), status.ExpirationTimestamp);
    }

    private static Secret? AsSecret(string? text) => string.IsNullOrEmpty(text) ? null : new Secret(text);

    private sealed class Answer
    {
        public string? Token { get; init; }
        public string? ClientCertificateData { get; init; }
        public string? ClientKeyData { get; init; }
        public DateTimeOffset? ExpirationTimestamp { get; init; }
    }
}
