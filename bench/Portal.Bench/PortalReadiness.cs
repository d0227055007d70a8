using System.Diagnostics;
using Portal.Tests.Testing;

namespace Portal.Bench;

internal static class PortalReadiness
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(10);

    /// <summary>Returns when the portal has read its cluster.</summary>
    public static async Task ReadyAsync(this PortalProcess portal)
    {
        using var http = new HttpClient { BaseAddress = portal.Url };
        var limit = Stopwatch.StartNew();
        while (!(await http.GetAsync(new Uri("readyz", UriKind.Relative))).IsSuccessStatusCode)
        {
            if (limit.Elapsed > ReadLimit) throw new TimeoutException("The portal did not read the cluster in time.");
            await Task.Delay(200);
        }
    }
}
