using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Kubernetes;
using Portal.Hosting;
using Portal.Simulator;
using Portal.Simulator.Life;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The same pages in four installations: with agents, with the cluster's own numbers alone, with Prometheus, and with nothing.</summary>
[Collection(JourneyTests.Name)]
public sealed partial class SourcesJourneyTests(Chromium chromium)
{
    private const string Node = "edge-hangzhou-1";
    private const string NodePage = "nodes/" + Node;
    private const string VolumePage = "volumes/mes/pgdata";
    private const string Io = Node + "-throughput";
    private const string Room = Node + "-ssd-capacity";
    private const string Group = Node + "-myvg1-capacity";
    private const string VolumeIo = "pgdata-throughput";
    private const string FileSystem = "pgdata-file-system";

    // Chromium is slow beside other tests, and room is measured once a minute.
    private const float Long = 180_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_agents_each_chart_names_the_agents_that_have_measured()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Scenario.Storage, Cancel);

        await WalkAsync(portal, "en-US", async browser =>
        {
            await SaysAsync(browser, "", ("cluster-throughput", "from the agents of 6 of 7 nodes"));
            await SaysAsync(browser, NodePage, (Io, $"from the agent of node {Node}"), (Group, $"from the agent of node {Node}"));
            await SaysAsync(browser, VolumePage, (VolumeIo, $"from the agent of node {Node}"), (FileSystem, $"from the agent of node {Node}"));
            await SaysAsync(browser, "monitoring", ("cluster-throughput", "from the agents of 6 of 7 nodes"), ("cluster-latency", "from the agents of 6 of 7 nodes"));
        });
        await WalkAsync(portal, "zh-CN", async browser =>
        {
            await SaysAsync(browser, "", ("cluster-throughput", "来自 7 个节点中 6 个节点的 Agent"));
            await SaysAsync(browser, NodePage, (Io, $"来自节点 {Node} 的 Agent"), (Group, $"来自节点 {Node} 的 Agent"));
            await SaysAsync(browser, VolumePage, (VolumeIo, $"来自节点 {Node} 的 Agent"), (FileSystem, $"来自节点 {Node} 的 Agent"));
            await SaysAsync(browser, "monitoring", ("cluster-throughput", "来自 7 个节点中 6 个节点的 Agent"));
        });
    }

    [Fact]
    public async Task Without_agents_each_chart_shows_the_clusters_own_numbers_or_says_that_agents_measure_it()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Scenario.Storage, Cancel);

        await WalkAsync(portal, "en-US", async browser =>
        {
            await SaysAsync(browser, VolumePage, (FileSystem, $"from the cluster's own numbers (kubelet of node {Node}), each minute"));
            await SaysWhyNotAsync(browser, VolumePage, (VolumeIo, $"No agent of node {Node} has connected"));
            await SaysAsync(browser, NodePage, (Room, "from the cluster's own numbers, each minute"));
            await Expect(browser.Page.Locator("section:has(#charts-title)")).ToContainTextAsync("Put the agent on the node to see what its disks and volumes do.");
            await SaysWhyNotAsync(browser, "", ("cluster-throughput", "No agent is connected, and it is agents that measure IO. Put the agent on your nodes"));
            await SaysWhyNotAsync(browser, "monitoring", ("cluster-throughput", "No agent is connected"), ("cluster-latency", "No agent is connected"));
            await Expect(browser.Page.Locator("section:has(#fill-title) a").First).ToContainTextAsync("%");
        });
        await WalkAsync(portal, "zh-CN", async browser =>
        {
            await SaysAsync(browser, VolumePage, (FileSystem, $"来自集群自身的数据（节点 {Node} 的 kubelet），每分钟一次"));
            await SaysAsync(browser, NodePage, (Room, "来自集群自身的数据，每分钟一次"));
            await SaysWhyNotAsync(browser, "monitoring", ("cluster-throughput", "没有 Agent 连接，而 IO 由 Agent 测量。"));
        });
    }

    [Fact]
    public async Task With_Prometheus_charts_of_days_say_that_it_has_answered()
    {
        var port = PrometheusProcess.FreePort();
        var options = new PortalOptions { Demo = true, DemoAgents = true, Prometheus = new Uri($"http://127.0.0.1:{port}/") };
        await using var portal = await TestPortal.StartAsync(options, Cancel, services => services.AddSingleton(Scenario.Storage).AddSingleton(Pace.Instant));
        await using var prometheus = await PrometheusProcess.ScrapeAsync(portal, port, Cancel);
        var now = TimeProvider.System.GetUtcNow();
        // A point is of five minutes, and the first one has begun.
        var range = string.Create(CultureInfo.InvariantCulture, $"?from={now.AddDays(-3):yyyy-MM-dd'T'HH:mm:ss'Z'}&to={now.AddMinutes(10):yyyy-MM-dd'T'HH:mm:ss'Z'}");

        foreach (var (locale, says) in ((string, string)[])[("en-US", "from Prometheus"), ("zh-CN", "来自 Prometheus")])
        {
            await WalkAsync(portal, locale, async browser =>
            {
                await SaysAsync(browser, range, ("cluster-throughput", says));
                await SaysAsync(browser, NodePage + range, (Io, says), (Group, says));
                await SaysAsync(browser, VolumePage + range, (VolumeIo, says), (FileSystem, says));
                await SaysAsync(browser, "monitoring" + range, ("cluster-throughput", says), ("cluster-operations", says));
            });
        }
    }

    [Fact]
    public async Task With_nothing_each_chart_says_why_and_what_to_do()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await SimulatedCluster.StartAsync(Scenario.Storage, null, Cancel);
        using var admin = new KubeClient(cluster.Connection);
        cluster.Server.Users.Add("alices-token", "alice");
        await RoleGrant.GiveOnObjectsAsync(admin, "alice", RoleGrant.Reading, Cancel);
        await using var portal = await TestPortal.StartAsync(new() { Kubeconfig = PlainKubeconfig.Write(folder, cluster.Connection.Server, "alices-token") }, Cancel);
        await Eventually.PassesAsync(() => Assert.True(portal.Storage.IsComplete), Cancel);

        await WalkAsync(portal, "en-US", async browser =>
        {
            await SaysWhyNotAsync(browser, "", ("cluster-throughput", "No agent is connected"));
            await SaysWhyNotAsync(browser, VolumePage, (VolumeIo, $"No agent of node {Node} has connected"), (FileSystem, "alice may not get nodes/proxy in the whole cluster. Ask the cluster's administrator for a role that allows it."));
            await browser.GoToAsync(NodePage);
            await Expect(browser.Page.Locator("section:has(#classes-title)")).ToContainTextAsync("alice may not get pods/proxy in namespace");
            await Expect(browser.Page.Locator("section:has(#charts-title)")).ToContainTextAsync($"No agent of node {Node} has connected");
            await SaysWhyNotAsync(browser, "monitoring", ("cluster-throughput", "No agent is connected"));
            await Expect(browser.Page.Locator("section:has(#fill-title)")).ToContainTextAsync("How full nodes are is not known. alice may not get pods/proxy in namespace");
        });
        await WalkAsync(portal, "zh-CN", async browser =>
        {
            await SaysWhyNotAsync(browser, VolumePage, (FileSystem, "alice"), (FileSystem, "nodes/proxy"), (VolumeIo, $"节点 {Node} 没有 Agent 连接"));
            await SaysWhyNotAsync(browser, "monitoring", ("cluster-throughput", "没有 Agent 连接"));
            await Expect(browser.Page.Locator("section:has(#fill-title)")).ToContainTextAsync("不知道节点的使用情况。");
        });
    }

    private async Task WalkAsync(TestPortal portal, string locale, Func<BrowserSession, Task> walk)
    {
        await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = locale });
        await walk(browser);
        browser.ExpectNoComplaints();
    }

    /// <summary>The cards say so, and how old their numbers are.</summary>
    private static async Task SaysAsync(BrowserSession browser, string path, params (string Chart, string Says)[] charts)
    {
        await browser.GoToAsync(path);
        foreach (var (chart, says) in charts)
        {
            var source = browser.Page.Locator($".chart[data-chart={chart}] figcaption .source");
            await Expect(source).ToHaveTextAsync(new Regex($"^{Regex.Escape(says)} · {Age()}$"), new() { Timeout = Long });
        }
    }

    private static async Task SaysWhyNotAsync(BrowserSession browser, string path, params (string Chart, string Says)[] charts)
    {
        await browser.GoToAsync(path);
        foreach (var (chart, says) in charts)
            await Expect(browser.Page.Locator($".chart[data-chart={chart}], .empty-charts[data-charts~={chart}]")).ToContainTextAsync(says, new() { Timeout = Long });
    }

    [GeneratedRegex(@"(just now|[0-9.]+ \w+ ago|刚刚|[0-9.]+ ?\S+前)")]
    private static partial Regex Age();
}
