using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.Simulator;
using Portal.Tests.Agent;
using Portal.Tests.Portal.Agents;
using Portal.Tests.Testing;
using static Microsoft.Playwright.Assertions;

namespace Portal.Tests.Browser;

/// <summary>The page, the hub and the real agent on this machine's kernel and lvm, looked at behind their back with <c>vgs</c>, <c>pvs</c> and <c>losetup</c>.</summary>
/// <remarks>Moving volumes off a disk (pvmove) and activating them need the kernel's device-mapper, which not every machine that runs tests has: they are left out.</remarks>
[Collection(RealLvm.Name)]
public sealed class RealDisksJourneyTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const float Patience = 60_000;
    private const long Mebibyte = 1 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_group_on_this_machines_disks_is_made_extended_reduced_grown_loses_a_disk_and_is_removed()
    {
        await using var machine = await RealMachinePortal.StartAsync(Scenario.WithEdgeadm, Cancel);
        await using var browser = await BrowserSession.OpenAsync(chromium, machine.Portal);
        var group = machine.Disks.NewGroup();
        await browser.GoToAsync("nodes/" + RealMachinePortal.NodeName);
        var one = await AddDiskAsync(browser, machine, "one.img");
        var two = await AddDiskAsync(browser, machine, "two.img");
        var three = await AddDiskAsync(browser, machine, "three.img");

        await CreateAsync(browser, group, one, two);
        await ExtendAsync(browser, group, three, [one, two]);
        await RemoveDiskAsync(browser, group, two, [one, three]);
        await GrowAsync(browser, machine, group, one);
        await LoseAsync(browser, group, three, [one]);
        await ComeBackAsync(browser, machine, "two.img", two);
        await RemoveAsync(browser, group, one);
        browser.ExpectNoComplaints();
    }

    /// <returns>The new disk's path.</returns>
    private static async Task<string> AddDiskAsync(BrowserSession browser, RealMachinePortal machine, string file)
    {
        await browser.AddLoopDeviceAsync(file, "64 MiB");
        return await AttachedAsync(browser, machine, file);
    }

    private static async Task CreateAsync(BrowserSession browser, string group, params string[] disks)
    {
        var dialog = await browser.OpenDialogAsync("Create volume group");
        await dialog.GetByLabel("Name of the volume group").FillAsync(group);
        foreach (var disk in disks) await dialog.GetByLabel(disk + " (").CheckAsync();
        await Expect(dialog).ToContainTextAsync("vgcreate " + group);
        await dialog.ConfirmAsync(group, "Create");

        await ExpectMembersAsync(browser, group, disks);
        Assert.Equal("2", await RealDisks.AskLvmAsync("vgs", "pv_count", group, Cancel));
    }

    private static async Task ExtendAsync(BrowserSession browser, string group, string disk, string[] others)
    {
        var dialog = await browser.OpenDialogAsync(browser.Group(group), "Extend");
        await dialog.GetByLabel(disk + " (").CheckAsync();
        await dialog.ConfirmAsync(group, "Extend");

        await ExpectMembersAsync(browser, group, [.. others, disk]);
        Assert.Equal(group, await RealDisks.AskLvmAsync("pvs", "vg_name", disk, Cancel));
    }

    private static async Task RemoveDiskAsync(BrowserSession browser, string group, string disk, string[] others)
    {
        var dialog = await browser.OpenDialogAsync(Member(browser, group, disk), "Remove disk");
        await dialog.ConfirmAsync(disk, "Do it");

        await ExpectMembersAsync(browser, group, others);
        Assert.Equal("2", await RealDisks.AskLvmAsync("vgs", "pv_count", group, Cancel));
        await ExpectFreeAsync(browser, disk);
    }

    private static async Task GrowAsync(BrowserSession browser, RealMachinePortal machine, string group, string disk)
    {
        await RealDisks.RunAsync(Cancel, "truncate", "--size", "128M", FileOf(machine, "one.img"));
        await RealDisks.RunAsync(Cancel, "losetup", "--set-capacity", disk);
        await Expect(browser.Page.GetByText($"{disk} of {group} has grown by 64 MiB.")).ToBeVisibleAsync(new() { Timeout = 2 * Patience });

        var dialog = await browser.OpenDialogAsync("Use the new size");
        await dialog.ConfirmAsync(disk, "Do it");

        await Expect(Member(browser, group, disk)).ToContainTextAsync("124 MiB free of 124 MiB", new() { Timeout = Patience });
        Assert.Equal($"{124 * Mebibyte}", await RealDisks.AskLvmAsync("pvs", "pv_size", disk, Cancel));
    }

    private static async Task LoseAsync(BrowserSession browser, string group, string disk, string[] others)
    {
        await RealDisks.DetachAsync(disk, Cancel);
        await Expect(browser.Group(group).Locator(".trouble")).ToContainTextAsync($"{group} misses 1 of its disks", new() { Timeout = 2 * Patience });
        Assert.Equal("1", await RealDisks.AskLvmAsync("vgs", "vg_missing_pv_count", group, Cancel));

        var dialog = await browser.OpenDialogAsync(browser.Group(group), "Forget missing disks");
        await Expect(dialog).ToContainTextAsync($"vgreduce --removemissing {group}");
        await dialog.ConfirmAsync(group, "Do it");

        await ExpectMembersAsync(browser, group, others);
        Assert.Equal("0", await RealDisks.AskLvmAsync("vgs", "vg_missing_pv_count", group, Cancel));
        Assert.Equal("1", await RealDisks.AskLvmAsync("vgs", "pv_count", group, Cancel));
    }

    private static async Task ComeBackAsync(BrowserSession browser, RealMachinePortal machine, string file, string disk)
    {
        await RealDisks.DetachAsync(disk, Cancel);
        var loop = browser.Page.Locator(".loop").Filter(new() { HasText = FileOf(machine, file) + " 64 MiB" });
        await Expect(loop).ToContainTextAsync("not attached", new() { Timeout = 2 * Patience });

        var dialog = await browser.OpenDialogAsync(loop, "Attach");
        await dialog.ConfirmAsync(file, "Do it");

        await Expect(loop).ToContainTextAsync(await AttachedAsync(browser, machine, file));
    }

    private static async Task RemoveAsync(BrowserSession browser, string group, string disk)
    {
        var dialog = await browser.OpenDialogAsync(browser.Group(group), "Remove volume group");
        await dialog.ConfirmAsync(group, "Do it");

        await Expect(browser.Group(group)).ToHaveCountAsync(0, new() { Timeout = Patience });
        Assert.DoesNotContain(group, await RealDisks.RunAsync(Cancel, "vgs", "--noheadings", "-o", "vg_name"), StringComparison.Ordinal);
        await ExpectFreeAsync(browser, disk);
    }

    /// <summary>Waits for the kernel's loop device on the file, and for the page to show it as a disk.</summary>
    private static async Task<string> AttachedAsync(BrowserSession browser, RealMachinePortal machine, string file)
    {
        var path = "";
        await Eventually.PassesAsync(async () =>
        {
            path = (await RealDisks.RunAsync(Cancel, "losetup", "--noheadings", "--output", "NAME", "--associated", FileOf(machine, file))).Trim();
            Assert.StartsWith("/dev/loop", path);
        }, Cancel);
        await Expect(browser.Disk(path)).ToContainTextAsync("64 MiB", new() { Timeout = Patience });
        return path;
    }

    /// <summary>The page comes after lvm: what it shows has been done.</summary>
    private static async Task ExpectMembersAsync(BrowserSession browser, string group, string[] disks)
    {
        foreach (var disk in disks) await Expect(Member(browser, group, disk)).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(browser.Group(group).Locator("ul.members > li")).ToHaveCountAsync(disks.Length, new() { Timeout = Patience });
    }

    private static Task ExpectFreeAsync(BrowserSession browser, string disk) =>
        Expect(browser.Disk(disk).Locator(".badge.good")).ToContainTextAsync("free", new() { Timeout = Patience });

    private static ILocator Member(BrowserSession browser, string group, string disk) =>
        browser.Group(group).Locator("ul.members > li").Filter(new() { Has = browser.Page.Locator(".name", new() { HasTextRegex = new(Regex.Escape(disk) + "(?![0-9])") }) });

    private static string FileOf(RealMachinePortal machine, string name) => Path.Combine(machine.Disks.Options.LoopDirectory, name);
}
