using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Install;
using Portal.Layout;
using Portal.Operations;
using Portal.Pages.Install;
using Portal.Profiles;
using Portal.Simulator;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>What makes an install impossible is one sentence with the way out, in the page and in the log, and the cluster stays as it is.</summary>
[Collection(BrowserTests.Name)]
public sealed class InstallBlockerTests(Chromium chromium) : IAsyncLifetime
{
    private const string User = "alice";

    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();
    private SimulatedCluster _cluster = null!;
    private KubeClient _admin = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(Scenario.Bare, null, Cancel);
        _cluster.Server.Users.Add("alices-token", User);
        _admin = new KubeClient(_cluster.Connection);
        await RoleGrant.GiveAsync(_admin, User, RoleGrant.Everything, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _cluster.DisposeAsync();
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task A_person_who_may_only_read_is_told_what_is_missing()
    {
        await RoleGrant.GiveAsync(_admin, User, RoleGrant.Reading, Cancel);

        await IsBlockedAsync("permissions are missing, among them: ", "Ask a cluster administrator to run the install");
    }

    [Fact]
    public async Task A_definition_of_a_later_version_asks_for_its_profile()
    {
        var later = await DefinitionAsync("upstream-0.41.0-legacy");
        await _admin.CreateAsync(later.Kind, later.Document, WriteOptions.Default, Cancel);

        await IsBlockedAsync("logicalvolumes.topolvm.cybozu.com comes from a later TopoLVM", "Choose the profile of that later version");
    }

    [Fact]
    public async Task A_definition_that_is_not_TopoLVMs_is_to_be_looked_into()
    {
        var foreign = await DefinitionAsync("superedge-0.10.0");
        foreach (var version in foreign.Document.Json["spec"]!["versions"]!.AsArray()) version!["name"] = "v9";
        await _admin.CreateAsync(foreign.Kind, foreign.Document, new() { FieldManager = "somebody-else" }, Cancel);

        await IsBlockedAsync("logicalvolumes.topolvm.cybozu.com has no stored version v1; it is not TopoLVM's", "Find out who made it");
    }

    [Fact]
    public async Task A_permission_that_is_taken_away_after_the_page_was_opened_ends_the_install_before_its_first_write()
    {
        await using var portal = await StartPortalAsync();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        await browser.GoToAsync("install");
        await Expect(browser.Page.GetByText("Nothing stands in the way").Or(browser.Page.GetByText("Can be installed"))).ToBeVisibleAsync();
        await RoleGrant.GiveAsync(_admin, User, RoleGrant.Reading, Cancel);
        var before = await ClusterInventory.ReadAsync(_admin, Cancel);

        await browser.PressAsync("Install TopoLVM");

        await Expect(browser.Page.GetByText("The cluster is not ready for this install: ").First).ToContainTextAsync("permissions are missing");
        Assert.Equal(before, await ClusterInventory.ReadAsync(_admin, Cancel));
        var journalled = Assert.Single(portal.Services.GetRequiredService<OperationRunner>().Live.Current.Operations);
        Assert.Equal(OperationState.Failed, journalled.State);
        Assert.All(journalled.Steps, step => Assert.Empty(step.Effects));
        await Eventually.PassesAsync(() => Assert.Single(_log.With("The cluster is not ready for this install: ")), Cancel);
    }

    [Fact]
    public async Task A_profile_with_broken_yaml_says_where_it_is_broken()
    {
        await using var portal = await StartPortalAsync();
        await using var browser = await BrowserSession.OpenAsync(chromium, portal);
        var before = await ClusterInventory.ReadAsync(_admin, Cancel);
        await browser.GoToAsync("install");

        await browser.SaveProfileAsync("mine", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n");

        var custom = portal.Services.GetRequiredService<CustomProfiles>().Live.Current.Find("mine")!;
        await SaysAsync(portal, browser, Languages.English, "Line 4, column 1: This is not valid YAML", "Correct the YAML of the profile", new() { CustomName = "mine", CustomManifests = custom.Yaml });
        Assert.Equal(before, await ClusterInventory.ReadAsync(_admin, Cancel));

        await browser.PressAsync("Delete the profile mine");
        await Expect(browser.Page.GetByRole(AriaRole.Radio, new() { Name = "mine" })).ToHaveCountAsync(0);
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Install TopoLVM", Exact = true })).Not.ToHaveAttributeAsync("aria-disabled", "true");
    }

    private async Task IsBlockedAsync(string problem, string remedy)
    {
        await using var portal = await StartPortalAsync();
        var before = await ClusterInventory.ReadAsync(_admin, Cancel);
        foreach (var (culture, _) in Languages.All)
        {
            await using var browser = await BrowserSession.OpenAsync(chromium, portal, new() { Locale = culture.Name });
            await browser.GoToAsync("install");
            await SaysAsync(portal, browser, culture, problem, remedy, new());
            browser.ExpectNoComplaints();
        }
        Assert.Equal(before, await ClusterInventory.ReadAsync(_admin, Cancel));
        Assert.Empty(portal.Services.GetRequiredService<OperationRunner>().Live.Current.Operations);
    }

    private async Task SaysAsync(TestPortal portal, BrowserSession browser, CultureInfo culture, string problem, string remedy, InstallSpec spec)
    {
        var blocker = Assert.Single((await portal.Services.GetRequiredService<InstallReviewer>().ReviewAsync(spec, Cancel)).Blockers);
        Assert.Contains(problem, blocker.Text.English, StringComparison.Ordinal);
        Assert.Contains(remedy, blocker.Remedy!.English, StringComparison.Ordinal);
        await Expect(browser.Page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = blocker.Text.In(culture) })).ToContainTextAsync(blocker.Remedy.In(culture));
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = InstallIn(culture), Exact = true })).ToHaveAttributeAsync("aria-disabled", "true");
        Assert.NotEmpty(_log.With(blocker.WithRemedy.English));
    }

    private static string InstallIn(CultureInfo culture) => culture.Name == Languages.Chinese.Name ? "安装 TopoLVM" : "Install TopoLVM";

    private async Task<TestPortal> StartPortalAsync()
    {
        var kubeconfig = PlainKubeconfig.Write(_folder, _cluster.Connection.Server, "alices-token");
        var portal = await TestPortal.StartAsync(new() { Kubeconfig = kubeconfig }, Cancel, services => services.AddSingleton<ILoggerProvider>(_log));
        await Eventually.PassesAsync(() => Assert.True(portal.Cluster.IsComplete), Cancel);
        return portal;
    }

    private async Task<PlannedObject> DefinitionAsync(string profile)
    {
        var spec = new InstallSpec { ProfileId = profile };
        var facts = await FactGathering.GatherAsync(_admin, spec, TimeProvider.System, Cancel);
        return InstallPlan.For(spec, facts).Objects.Single(planned => planned.Stage == InstallStage.Definition);
    }
}
