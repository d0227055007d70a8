using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Portal.Core.Agents;

namespace Portal.Hosting;

// Agents dial in from other machines, and the pages must not be reached from there as long as nobody signs in. The two are told apart by the
// scheme: pages are served by HTTP on the loopback address alone, HTTPS leads to the agents' hub and to nothing else.

/// <summary>The addresses that agents connect to.</summary>
public static class AgentListener
{
    /// <summary>The certificate is read again when its file has changed: whoever renews it does not restart the portal.</summary>
    public static void ServeAgents(this KestrelServerOptions kestrel, PortalOptions options)
    {
        if (options is not { AgentCertificate: { } certificate, AgentKey: { } key }) return;
        var current = new RenewedCertificate(certificate, key);
        kestrel.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) => current.Get());
    }

    /// <summary>Comes first of all: what an HTTPS address is asked for apart from the hub is not there.</summary>
    public static void UseAgentListener(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (!context.Request.IsHttps || context.Request.Path.StartsWithSegments(AgentContract.Path)) return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        // A page elsewhere could be given this machine's address under a name of its own; agents are no browsers, and know the portal by any name.
        app.UseWhen(context => !context.Request.IsHttps, pages => pages.UseHostFiltering());
    }

    /// <summary>The builder puts a filter of host names in front of everything, agents included; <see cref="UseAgentListener"/> has its own place for it.</summary>
    public static void FilterHostsOfPages(this IServiceCollection services)
    {
        foreach (var filter in services.Where(service => service.ServiceType == typeof(IStartupFilter) && service.ImplementationType?.Name == "HostFilteringStartupFilter").ToArray())
            services.Remove(filter);
        services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1", "[::1]"]);
    }

    /// <summary>Null, or why this pair cannot be used.</summary>
    internal static string? WhyNot(string certificate, string key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
            return null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return HostingTexts.NoAgentCertificate(certificate, key, unusable.Message);
        }
    }

    private sealed class RenewedCertificate(string certificate, string key)
    {
        private readonly Lock _lock = new();
        private X509Certificate2? _current;
        private DateTime _writtenAt;

        public X509Certificate2? Get()
        {
            lock (_lock)
            {
                var writtenAt = File.GetLastWriteTimeUtc(certificate);
                // Half of a renewal may be on the disk: the old pair serves until both halves fit.
                if ((_current is null || writtenAt != _writtenAt) && WhyNot(certificate, key) is null)
                    (_current, _writtenAt) = (X509Certificate2.CreateFromPemFile(certificate, key), writtenAt);
                return _current;
            }
        }
    }
}
