using System.Net;
using System.Net.Sockets;

namespace Portal.Hosting;

/// <summary>Where the portal may listen. Without a sign-in whoever reaches it administers the cluster, so that only this machine may.</summary>
public static class ListenAddresses
{
    /// <summary>Null, or the sentence that says why the portal refuses to listen there.</summary>
    public static string? WhyNot(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp) return HostingTexts.NoAddress(url);
            if (!IsLoopback(address)) return HostingTexts.NotLoopback(url);
        }
        return null;
    }

    /// <summary>Null, or the sentence that says why agents cannot be served with these options. Their tokens do not go over a network in the clear.</summary>
    public static string? WhyNotForAgents(PortalOptions options)
    {
        if (options is { AgentUrls: null, AgentCertificate: null, AgentKey: null }) return null;
        if (options is not { AgentUrls: { } urls, AgentCertificate: { } certificate, AgentKey: { } key }) return HostingTexts.AgentOptionsMissing;
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps) return HostingTexts.NoAgentAddress(url);
        return AgentListener.WhyNot(certificate, key);
    }

    /// <summary>The default port of the loopback address, or the first free one after it.</summary>
    public static string FirstFree()
    {
        for (var port = PortalOptions.DefaultPort; port < PortalOptions.DefaultPort + 100; port++)
            if (IsFree(port)) return $"http://{PortalOptions.DefaultHost}:{port}";
        return $"http://{PortalOptions.DefaultHost}:0";
    }

    // Uri.IsLoopback also calls a name loopback that equals this machine's own, which other machines reach.
    private static bool IsLoopback(Uri address) =>
        address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
