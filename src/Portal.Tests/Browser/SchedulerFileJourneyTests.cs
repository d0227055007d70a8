using Microsoft.Playwright;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Install;
using Portal.Core.TopoLvm.Scheduling;
using Portal.Simulator;
using Portal.Simulator.Life.Nodes;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>kube-scheduler's own file, written by the agent of a simulated control-plane node.</summary>
[Collection(JourneyTests.Name)]
public sealed class SchedulerFileJourneyTests(Chromium chromium)
{
    private const float Patience = 60_000;
    private const string Path = "/etc/kubernetes/kube-scheduler/kube-scheduler-policy.cfg";

    private static readonly Scenario Site = Scenario.Demo with
    {
        Nodes = [Scenario.Demo.Nodes[0]],
        Objects = [.. Scenario.Demo.Objects.Where(one => one.Namespace == "kube-system")],
        Standing = new InstallSpec(),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_agent_of_the_control_plane_writes_the_file_and_kube_scheduler_starts_with_it()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Site, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var before = Scheduler(portal);
        await browser.GoToAsync("scheduling?format=policy&extenderWeight=7");
        await Expect(Card(browser)).ToContainTextAsync("Another file is there; it is kept beside the new one.");

        await WriteAsync(browser);

        await Expect(Card(browser)).ToContainTextAsync("The file is there as it stands here.", new() { Timeout = Patience });
        await browser.ExpectAllStepsAsync("done", atLeast: 3, Patience);
        var expected = SchedulerConfiguration.For(SchedulerConfigurationFormat.Policy, TopoLvmNames.Legacy) with { Weight = 7 };
        Assert.Equal((expected.ToText(), before.Starts + 1), (Scheduler(portal).Files[Path], Scheduler(portal).Starts));
        Assert.Equal(before.Files[Path], Scheduler(portal).Files[Path + ".before-topolvm"]);
        await Expect(Card(browser).GetByRole(AriaRole.Button, new() { Name = "Write it on master-1" })).ToHaveAttributeAsync("aria-disabled", "true");
        browser.ExpectNoComplaints();
    }

    [Fact]
    public async Task A_file_with_which_kube_scheduler_does_not_come_up_is_put_back_and_said_so()
    {
        await using var portal = await TestPortal.OnSimulatedWithAgentsAsync(Site, Cancel);
        portal.Simulated.Node("master-1").Change(state => state with { Scheduler = state.Scheduler! with { Refuses = "\"weight\": 13" } });
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var before = Scheduler(portal);
        await browser.GoToAsync("scheduling?format=policy&extenderWeight=13");

        await WriteAsync(browser);

        await Expect(browser.Page.GetByText("What had been done on master-1 was undone").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(browser.Page.GetByText("kube-scheduler starts again and again").First).ToBeVisibleAsync();
        Assert.Equal(before.Files[Path], Scheduler(portal).Files[Path]);
    }

    [Fact]
    public async Task Without_an_agent_the_steps_by_hand_are_what_there_is()
    {
        await using var portal = await TestPortal.OnSimulatedAsync(Site, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);

        await browser.GoToAsync("scheduling?format=policy");

        await Expect(Card(browser)).ToContainTextAsync("No agent runs there: follow the steps below, or deploy the agent.");
        await Expect(Card(browser).GetByRole(AriaRole.Button, new() { Name = "Write it on master-1" })).ToHaveCountAsync(0);
        await Expect(Card(browser)).ToContainTextAsync("sudo tee " + Path);
    }

    private static async Task WriteAsync(BrowserSession browser)
    {
        await browser.PressAsync("Write it on master-1");
        var dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("install --mode=0600 /dev/stdin " + Path);
        await dialog.GetByLabel($"Type {Path} to confirm").FillAsync(Path);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Write it", Exact = true }).ClickAsync();
    }

    private static SimulatedKubeScheduler Scheduler(TestPortal portal) => portal.Simulated.Node("master-1").State.Current.Scheduler!;

    private static ILocator Card(BrowserSession browser) => browser.Page.GetByRole(AriaRole.Region, new() { Name = "kube-scheduler's configuration" });
}
