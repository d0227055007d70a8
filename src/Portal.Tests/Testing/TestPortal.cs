using Microsoft.Extensions.DependencyInjection;
using Portal.Hosting;

namespace Portal.Tests.Testing;

/// <summary>The whole portal on a free port of this machine, with its data in a folder that goes with it.</summary>
public sealed class TestPortal : IAsyncDisposable
{
    private readonly PortalApp _app;
    private readonly DirectoryInfo _data;

    private TestPortal(PortalApp app, DirectoryInfo data) => (_app, _data) = (app, data);

    /// <summary>With a slash at the end.</summary>
    public Uri Url => new(_app.Addresses.Single());

    public IServiceProvider Services => _app.Services;

    /// <param name="before">Registrations that take the place of the portal's own.</param>
    public static async Task<TestPortal> StartAsync(PortalOptions options, CancellationToken cancel, Action<IServiceCollection>? before = null)
    {
        var data = Directory.CreateTempSubdirectory("test-portal-");
        var app = PortalApp.Create(options with { Data = data.FullName, Urls = "http://127.0.0.1:0" }, before);
        await app.StartAsync(cancel);
        return new TestPortal(app, data);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
