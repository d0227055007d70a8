using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.DeviceClasses;
using Portal.Simulator;
using Portal.Simulator.Scenarios;
using Portal.Tests.Testing;

namespace Portal.Tests.Portal.DeviceClasses;

public sealed class LvmdHistoryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_text_that_the_cluster_shows_is_kept_once()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Bare, Cancel);
        using var client = new KubeClient(portal.Simulated.Connection);
        var live = portal.Services.GetRequiredService<LvmdHistory>().Live;
        await StandingTopoLvm.CreateAsync(client, new(), TimeProvider.System, Cancel);
        var first = (await live.UntilAsync(versions => versions.All.Length == 1, Cancel)).All[0];

        await ChangeAsync(client, first.ConfigMap, "data", "lvmd.yaml", first.Text + "# more\n");
        await live.UntilAsync(versions => versions.All.Length == 2, Cancel);
        await ChangeAsync(client, first.ConfigMap, "metadata", "annotations", null);
        await ChangeAsync(client, first.ConfigMap, "data", "lvmd.yaml", first.Text);

        var versions = await live.UntilAsync(versions => versions.All.Length == 3, Cancel);
        Assert.Equal([first.Text, first.Text + "# more\n", first.Text], versions.Of(first.ConfigMap).Select(version => version.Text));
        Assert.All(versions.All, version => Assert.Null(version.By));
    }

    private static Task ChangeAsync(KubeClient client, ObjectName name, string part, string key, string? value) =>
        client.PatchAsync(ConfigMap.Kind, name, Patch.Merge(new System.Text.Json.Nodes.JsonObject { [part] = new System.Text.Json.Nodes.JsonObject { [key] = value } }.ToJsonString()), WriteOptions.Default, Cancel);
}
