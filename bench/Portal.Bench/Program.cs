using Microsoft.Playwright;
using Portal.Bench;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;
using Portal.Tests.Testing;

if (args is ["cluster", ..])
{
    await ClusterProcess.ServeAsync(Number(1, 5_000), Number(2, 50_000));
    return;
}

if (args is ["agent-crowd", var address, var folder, ..])
{
    await AgentCrowd.ServeAsync(new Uri(address), folder, Number(3, 5));
    return;
}

if (args is ["agents", ..])
{
    var (agents, seconds, batch) = (Number(1, 2_000), Number(2, 60), Number(3, 5));
    Console.WriteLine($"agents: {agents}, a sample each second, {batch} at once; {seconds} s; {Environment.ProcessorCount} processors");
    await AgentLoad.PrintAsync(agents, seconds, batch);
    return;
}

if (args is ["agent", ..])
{
    var (devices, seconds) = (Number(1, 200), Number(2, 60));
    Console.WriteLine($"agent: a sample each second, {seconds} s; {Environment.ProcessorCount} processors");
    await AgentCost.PrintAsync(devices, seconds);
    return;
}

if (args is ["charts", ..])
{
    var (series, points, updates) = (Number(1, 60), Number(2, 600), Number(3, 15));
    Console.WriteLine($"charts: {series} lines of {points} points, {updates} updates of a point each, one a second; {Environment.ProcessorCount} processors");
    await ChartCost.PrintAsync(series, points, updates);
    return;
}

if (args is ["live", ..])
{
    Console.WriteLine($"live: {Number(1, 40)} rounds; {Environment.ProcessorCount} processors");
    await LiveLatency.PrintAsync(Number(1, 40));
    return;
}

if (args is ["ingest", var ingestData])
{
    await KilledIngest.ServeAsync(ingestData);
    return;
}

if (args is ["ingest-cost", var costData, ..])
{
    await MetricCost.IngestAsync(costData, Number(2, 100), Number(3, 120));
    return;
}

if (args is ["kills", ..])
{
    Console.WriteLine($"kills: {Number(1, 100)} times; {Environment.ProcessorCount} processors");
    await KilledIngest.PrintAsync(Number(1, 100));
    return;
}

if (args is ["metrics", ..])
{
    var (nodes, minutes, seconds) = (Number(1, 100), Number(2, 130), Number(3, 60));
    Console.WriteLine($"metrics: {nodes} nodes, 20 volumes each, a sample each 5 s, {minutes} min; Prometheus for {seconds} s; {Environment.ProcessorCount} processors");
    await MetricCost.PrintAsync(nodes, minutes, seconds);
    return;
}

if (args is ["lists", ..])
{
    // The goals are stated for 5,000 nodes and 50,000 volumes.
    var (nodes, volumes) = (Number(1, 5_000), Number(2, 50_000));
    Console.WriteLine($"lists: {nodes} nodes, {volumes} volumes; {Environment.ProcessorCount} processors");
    await ListScale.PrintAsync(nodes, volumes, rounds: Number(3, 10));
    return;
}

var rounds = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 40;
await using var controlPlane = await ControlPlaneProcess.StartAsync("bench-" + Environment.ProcessId);
using var client = new KubeClient(KubeConnection.FromKubeconfig(new() { Path = controlPlane.KubeconfigPath }));
var kubectl = new Kubectl(controlPlane.KubeconfigPath);
var server = (await client.DiscoverAsync(CancellationToken.None)).Version;
Console.WriteLine($"kube-apiserver {server}; {Environment.ProcessorCount} processors; {await kubectl.VersionAsync()}");
Console.WriteLine(Samples.Heads);

foreach (var samples in await new InstallWork(client, kubectl, new InstallSpec()).MeasureAsync(Math.Max(3, rounds / 8)))
    Console.WriteLine(samples.ToRow());

using var data = new TemporaryFolder();
await using var portal = await PortalProcess.StartAsync(controlPlane.KubeconfigPath, data.Path, CancellationToken.None);
using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(new()
{
    ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
    Args = ["--no-sandbox", "--disable-gpu"],
});
var (screen, terminal) = await ScreenLatency.MeasureAsync(client, kubectl, portal, browser, rounds);
Console.WriteLine(screen.ToRow());
Console.WriteLine(terminal.ToRow());

int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
