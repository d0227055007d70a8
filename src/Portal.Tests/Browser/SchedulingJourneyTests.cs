using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Scheduling;
using Portal.Simulator;
using Portal.Simulator.Scenarios;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

[Collection(JourneyTests.Name)]
public sealed class SchedulingJourneyTests(Chromium chromium)
{
    private const float Patience = 60_000;

    private static readonly KubeKind<KubeObject> Documents = new("", "v1", "pods", "Pod", true, KubeJson.Of<KubeObject>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_options_are_changed_the_extender_starts_anew_and_the_cluster_has_them()
    {
        await using var site = await SiteAsync(Scenario.Demo, new InstallSpec());
        await using var browser = await BrowserSession.OpenAsync(chromium, site.Portal);
        await browser.GoToAsync("scheduling");
        await Expect(Card(browser, "Mode")).ToContainTextAsync("Scheduler extender");
        await Expect(Card(browser, "Mode")).ToContainTextAsync("--policy-config-file=/etc/kubernetes/kube-scheduler/kube-scheduler-policy.cfg");

        await FillAsync(browser, "Default divisor", "0");
        await Expect(Card(browser, "Options of topolvm-scheduler").GetByText("default-divisor is 0; write a number greater than 0.").First).ToBeVisibleAsync();
        await FillAsync(browser, "Default divisor", "4");
        await browser.Page.GetByLabel("Device class without a divisor").SelectOptionAsync(TopoLvmNames.DefaultClass);
        await browser.PressAsync("Add a divisor");
        await FillAsync(browser, "Divisor of Default class (StorageClasses that name none)", "0.5");
        await browser.PressAsync("Save and restart topolvm-scheduler");
        await browser.ExpectAllStepsAsync("done", atLeast: 3, Patience);

        var map = await site.Client.GetAsync(ConfigMap.Kind, new("topolvm-system", SchedulerOptions.ConfigMap), Cancel);
        Assert.Equal("listen: \"localhost:9251\"\ndefault-divisor: 4\ndivisors:\n  \"00default\": 0.5\n", map.Data[SchedulerOptions.FileName]);
        var running = site.Portal.Simulated.Node("master-1").State.Current.Extender!;
        Assert.Equal((4, 0.5), (running.DefaultDivisor, running.Divisors[TopoLvmNames.DefaultClass]));
        await Expect(Card(browser, "Options of topolvm-scheduler")).ToContainTextAsync("Nothing has been changed yet.");
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task What_somebody_else_changes_meanwhile_is_shown_beside_mine_and_both_are_kept()
    {
        await using var site = await SiteAsync(Scenario.Demo, new InstallSpec());
        await using var browser = await BrowserSession.OpenAsync(chromium, site.Portal);
        await browser.GoToAsync("scheduling");
        await FillAsync(browser, "Default divisor", "4");
        await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Name = "What changes" })).ToBeVisibleAsync();

        var theirs = "listen: \"localhost:9251\"\n# by kubectl\ndefault-divisor: 1\ndivisors: {hdd: 8}\n";
        await site.Client.PatchAsync(ConfigMap.Kind, new("topolvm-system", SchedulerOptions.ConfigMap),
            Patch.Merge(new JsonObject { ["data"] = new JsonObject { [SchedulerOptions.FileName] = theirs } }.ToJsonString()), new() { FieldManager = "kubectl-edit" }, Cancel);

        await Expect(browser.Page.GetByText("Somebody else has changed the options since you began.")).ToBeVisibleAsync(new() { Timeout = Patience });
        await browser.PressAsync("Put mine on top of theirs");
        await browser.PressAsync("Save and restart topolvm-scheduler");
        await browser.ExpectAllStepsAsync("done", atLeast: 3, Patience);
        var map = await site.Client.GetAsync(ConfigMap.Kind, new("topolvm-system", SchedulerOptions.ConfigMap), Cancel);
        Assert.Equal(theirs.Replace("divisor: 1", "divisor: 4", StringComparison.Ordinal), map.Data[SchedulerOptions.FileName]);
    }

    [Theory]
    [InlineData("5Gi")]
    [InlineData("150Gi")]
    [InlineData("300Gi")]
    [InlineData("9000Gi")]
    public async Task The_simulation_names_the_node_where_the_pod_then_goes(string size)
    {
        await using var site = await SiteAsync(Scenario.Demo with { Objects = [.. Scenario.Demo.Objects.Where(one => one.Namespace == "kube-system")] }, new InstallSpec());
        await using var browser = await BrowserSession.OpenAsync(chromium, site.Portal);
        await browser.GoToAsync("scheduling?size=" + size);
        await Expect(Card(browser, "Where would it go?").GetByRole(AriaRole.Row)).ToHaveCountAsync(8);
        var answer = await Card(browser, "Where would it go?").GetByRole(AriaRole.Status).InnerTextAsync();

        await site.CreatePodAsync("app", size);

        if (answer == "No node would take the pod; each says why.")
        {
            await Eventually.PassesAsync(async () => Assert.Contains(await site.SaidAboutPodsAsync(), said => said.Contains("out of VG free space", StringComparison.Ordinal)), Cancel);
            return;
        }
        await Eventually.PassesAsync(async () => Assert.Equal(answer, $"The pod would go to {(await site.Client.GetAsync(Pod.Kind, new("default", "app"), Cancel)).Spec.NodeName}."), Cancel);
    }

    [Fact]
    public async Task Without_the_flag_the_page_names_the_contradiction_and_makes_the_file_that_ends_it()
    {
        await using var site = await SiteAsync(Scenario.Demo with { Objects = [.. Scenario.Demo.Objects.Where(one => one.Namespace == "kube-system").Select(WithoutFlag)] }, new InstallSpec());
        await using var browser = await BrowserSession.OpenAsync(chromium, site.Portal);
        await browser.GoToAsync("scheduling");
        await Expect(Card(browser, "Mode")).ToContainTextAsync("Contradictory");
        await Expect(Card(browser, "Mode")).ToContainTextAsync("kube-scheduler on master-1 is started without --config and --policy-config-file");
        await site.CreatePodAsync("app", "5Gi");
        await Expect(Card(browser, "Mode")).ToContainTextAsync("kube-scheduler did not ask the extender for pod default/app", new() { Timeout = Patience });

        await browser.Page.GetByLabel("Format").SelectOptionAsync("policy");
        await Expect(browser.Page).ToHaveURLAsync(new Uri(site.Portal.Url, "scheduling?format=policy").ToString(), new() { Timeout = Patience });
        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.PressAsync("Download the file"));
        Assert.Equal("kube-scheduler-policy.cfg", download.SuggestedFilename);
        Assert.Equal(SchedulerConfiguration.For(SchedulerConfigurationFormat.Policy, TopoLvmNames.Legacy).ToText(), await File.ReadAllTextAsync(await download.PathAsync(), Cancel));
        await site.StartKubeSchedulerAsync("--policy-config-file=/etc/kubernetes/kube-scheduler/kube-scheduler-policy.cfg");

        await Eventually.PassesAsync(async () => Assert.NotNull((await site.Client.GetAsync(Pod.Kind, new("default", "app"), Cancel)).Spec.NodeName), Cancel);
        await Expect(Card(browser, "Mode")).ToContainTextAsync("Scheduler extender", new() { Timeout = Patience });
    }

    [Fact]
    public async Task With_capacity_tracking_the_objects_prove_it_and_decide()
    {
        var scenario = Scenario.Bare with { ServerVersion = "v1.22.6", SchedulerAsksExtender = false };
        await using var site = await SiteAsync(scenario, new InstallSpec { Scheduling = SchedulingMode.CapacityTracking });
        await using var browser = await BrowserSession.OpenAsync(chromium, site.Portal, new() { Locale = "zh-CN" });

        await browser.GoToAsync("scheduling?size=300Gi");

        await Expect(Card(browser, "模式")).ToContainTextAsync("存储容量跟踪");
        await Expect(Card(browser, "模式")).ToContainTextAsync("3 个 CSIStorageCapacity 对象与节点自身公布的一致。");
        await Expect(Card(browser, "会被调度到哪里？")).ToContainTextAsync("该 Pod 会被调度到 edge-hangzhou-1。");
        await site.CreatePodAsync("app", "300Gi");
        await Eventually.PassesAsync(async () => Assert.Equal("edge-hangzhou-1", (await site.Client.GetAsync(Pod.Kind, new("default", "app"), Cancel)).Spec.NodeName), Cancel);
        browser.ExpectNoComplaints();
    }

    private static ILocator Card(BrowserSession browser, string title) => browser.Page.GetByRole(AriaRole.Region, new() { Name = title, Exact = true });

    private static async Task FillAsync(BrowserSession browser, string label, string value)
    {
        var field = browser.Page.GetByLabel(label, new() { Exact = true });
        await field.FillAsync(value);
        await field.BlurAsync();
    }

    private static KubeObject WithoutFlag(KubeObject pod)
    {
        var json = (JsonObject)pod.Json.DeepClone();
        foreach (var container in json["spec"]!["containers"]!.AsArray())
            container!["command"] = new JsonArray([.. container["command"]!.AsArray().Select(word => (string)word!).Where(word => !word.StartsWith("--policy", StringComparison.Ordinal)).Select(word => (JsonNode)word)]);
        return new(json);
    }

    private static async Task<Site> SiteAsync(Scenario scenario, InstallSpec spec)
    {
        var portal = await TestPortal.OnSimulatedAsync(scenario, Cancel);
        var client = new KubeClient(portal.Simulated.Connection);
        await StandingTopoLvm.CreateAsync(client, spec, TimeProvider.System, Cancel);
        await Eventually.PassesAsync(() =>
        {
            Assert.True(portal.Storage.Installation is { IsReady: true });
            Assert.Equal(3, portal.Storage.Nodes.Count(node => !node.Capacities.IsEmpty));
        }, Cancel);
        return new(portal, client);
    }

    /// <summary>A portal on a simulated site, with a person who has kubectl beside it.</summary>
    private sealed record Site(TestPortal Portal, KubeClient Client) : IAsyncDisposable
    {
        public async Task CreatePodAsync(string name, string size)
        {
            await Client.CreateAsync(PersistentVolumeClaim.Kind, Read($$$"""
                {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"namespace":"default","name":"{{{name}}}"},
                 "spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"topolvm-provisioner","resources":{"requests":{"storage":"{{{size}}}" } } } }
                """), WriteOptions.Default, Cancel);
            await Client.CreateAsync(Documents, Read($$$"""
                {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"default","name":"{{{name}}}"},
                 "spec":{"containers":[{"name":"app","image":"nginx:1.21"}],"volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"{{{name}}}"}}]}}
                """), WriteOptions.Default, Cancel);
        }

        public async Task<string[]> SaidAboutPodsAsync() =>
            [.. (await Client.ListAsync(Event.Kind, ListQuery.All, Cancel)).Items.Where(one => one.InvolvedObject.Kind == "Pod").Select(one => one.Message)];

        /// <summary>What the kubelet does when the static pod's manifest is saved with another flag.</summary>
        public async Task StartKubeSchedulerAsync(string flag)
        {
            var name = new ObjectName("kube-system", "kube-scheduler-master-1");
            var pod = (JsonObject)(await Client.GetAsync(Documents, name, Cancel)).Json.DeepClone();
            await Client.DeleteAsync(Documents, name, new DeleteOptions { GracePeriodSeconds = 0 }, Cancel);
            await Eventually.PassesAsync(async () => Assert.Null(await Client.FindAsync(Documents, name, Cancel)), Cancel);
            foreach (var field in new[] { "uid", "resourceVersion", "creationTimestamp", "managedFields" }) pod["metadata"]!.AsObject().Remove(field);
            pod["spec"]!["containers"]![0]!["command"]!.AsArray().Add((JsonNode)flag);
            await Client.CreateAsync(Documents, new KubeObject(pod), WriteOptions.Default, Cancel);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Portal.DisposeAsync();
        }

        private static KubeObject Read(string json) => new(JsonNode.Parse(json)!.AsObject());
    }
}
