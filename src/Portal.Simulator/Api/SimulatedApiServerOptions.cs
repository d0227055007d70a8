namespace Portal.Simulator.Api;

/// <summary>How a simulated API server behaves.</summary>
public sealed record SimulatedApiServerOptions
{
    /// <summary>The Kubernetes release it plays: decides what is served and what <c>/version</c> says.</summary>
    public string ServerVersion { get; init; } = "v1.20.15";

    /// <summary>The server's clock: timestamps, watch timeouts, bookmarks.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public TimeSpan BookmarkEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When a watch without timeoutSeconds ends.</summary>
    public TimeSpan DefaultWatchTimeout { get; init; } = TimeSpan.FromMinutes(45);

    /// <summary>The 20 of "v1.20.15".</summary>
    internal int Minor => int.Parse(ServerVersion.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
}
