using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Core.Kubernetes.Kinds;
using Portal.Core.Texts;
using Portal.Tests.Testing;

namespace Portal.Bench;

/// <summary>From the moment a change of a node is sent: until the browser shows the text, beside until <c>kubectl get -w</c> prints its line.</summary>
public static class ScreenLatency
{
    private const string Node = "bench-1";
    private const string Annotation = "capacity.topolvm.cybozu.com/ssd";

    // The clock of the machine, in ms with fractions: the browser's is the same.
    private const string ShownAt = """
        text => new Promise(shown => {
          const look = () => {
            if (!document.body.innerText.includes(text)) return;
            observer.disconnect();
            shown(performance.timeOrigin + performance.now());
          };
          const observer = new MutationObserver(look);
          observer.observe(document.body, { subtree: true, childList: true, characterData: true });
          look();
        })
        """;

    public static async Task<(Samples Screen, Samples Kubectl)> MeasureAsync(KubeClient client, Kubectl kubectl, PortalProcess portal, IBrowser browser, int rounds)
    {
        await BenchNodes.CreateAsync(client, Node, "superedge.io/local.pv=topolvm");
        // Capacity is shown where TopoLVM is found, and its driver is enough to be found.
        await client.CreateAsync(CsiDriver.Kind, Driver(), WriteOptions.Default, CancellationToken.None);
        await PatchAsync(client, 1);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(portal.Url.ToString());
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync(Shown(1));
        using var watch = kubectl.Start("get", "node", Node, "--watch", "-o", $"jsonpath={{.metadata.annotations.{Annotation.Replace(".", "\\.", StringComparison.Ordinal)}}}{{\"\\n\"}}");
        var lines = ReadLines(watch.StandardOutput);
        await lines.ReadAsync();
        List<TimeSpan> screen = [], terminal = [];
        var random = new Random(1);
        for (var round = 0; round < rounds; round++)
        {
            // At rest between two changes, and at no fixed phase to any of the portal's timers.
            await Task.Delay(random.Next(400, 1200));
            var size = 10 + round;
            var shown = page.EvaluateAsync<double>(ShownAt, Shown(size));
            var sent = TimeProvider.System.GetUtcNow();
            await PatchAsync(client, size);
            terminal.Add((await lines.ReadAsync()).At - sent);
            screen.Add(DateTimeOffset.UnixEpoch.AddMilliseconds(await shown) - sent);
        }
        watch.Kill();
        return (new("object change -> text in Chromium", screen), new("object change -> line of kubectl get -w", terminal));
    }

    private static KubeObject Driver() => new(new JsonObject
    {
        ["apiVersion"] = CsiDriver.Kind.ApiVersion,
        ["kind"] = "CSIDriver",
        ["metadata"] = new JsonObject { ["name"] = "topolvm.cybozu.com" },
        ["spec"] = new JsonObject { ["attachRequired"] = false },
    });

    private static string Shown(int gibibytes) => ByteText.Format((long)gibibytes << 30);

    private static Task<Node> PatchAsync(KubeClient client, int gibibytes) => client.PatchAsync(
        Core.Kubernetes.Kinds.Node.Kind, new(null, Node),
        Patch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject { [Annotation] = ((long)gibibytes << 30).ToString(CultureInfo.InvariantCulture) },
            },
        }.ToJsonString()),
        WriteOptions.Default, CancellationToken.None);

    private static ChannelReader<(string Line, DateTimeOffset At)> ReadLines(StreamReader from)
    {
        var lines = Channel.CreateUnbounded<(string, DateTimeOffset)>();
        _ = Task.Run(async () =>
        {
            while (await from.ReadLineAsync() is { } line) lines.Writer.TryWrite((line, TimeProvider.System.GetUtcNow()));
            lines.Writer.Complete();
        });
        return lines.Reader;
    }
}
