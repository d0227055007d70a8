using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Core.TopoLvm.Install;

/// <summary>The checksum of a ConfigMap's content: in a pod template's annotation it makes a change roll the pods.</summary>
public static class ConfigChecksum
{
    /// <summary>SHA-256 in hexadecimal over keys and values in order of keys; "" for no content.</summary>
    public static string Of(JsonObject? data)
    {
        if (data is null) return "";
        var text = new StringBuilder();
        foreach (var (key, value) in data.OrderBy(pair => pair.Key, StringComparer.Ordinal)) text.Append(key).Append('\n').Append((string?)value).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
