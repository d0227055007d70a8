using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.AutoExpand;
using Portal.Core;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Core.TopoLvm.Volumes.AutoExpand;
using Portal.Pages.Volumes;

namespace Portal.Tests.Portal.Pages.Volumes;

public sealed class AutoExpandDialogTests : DialogTests
{
    private const long Gi = 1L << 30;
    private static readonly ObjectName Volume = new("shop", "data");
    private static readonly AutoExpandRules Rules = new() { StepBytes = 3 * Gi / 2, StepPercent = 0, LimitBytes = 100 * Gi, HeadroomBytes = 5 * Gi, CooldownMinutes = 30 };

    public AutoExpandDialogTests() => Services.AddSingleton<AutoExpandPolicies>().AddSingleton(new Live<StorageState>(StorageState.Empty));

    private AutoExpandPolicies Policies => Services.GetRequiredService<AutoExpandPolicies>();

    private AutoExpandPolicy Policy => Policies.Live.Current.Policies.Single();

    [Fact]
    public async Task One_field_is_changed_and_all_others_stay()
    {
        await SaveAsync(null, Rules, isEnabled: false);
        var dialog = Show(Policy);

        Field(dialog, "Never larger than").Input("50Gi");
        await SubmitAsync(dialog);

        Assert.True(IsClosed);
        Assert.Equal((Rules with { LimitBytes = 50 * Gi }, false, "ada"), (Policy.Rules, Policy.IsEnabled, Policy.SavedBy));
    }

    [Fact]
    public async Task The_policy_of_a_class_that_is_gone_can_be_changed()
    {
        await Policies.SaveAsync(null, null, "fast", Rules, isEnabled: true, "bob", Cancel);
        var dialog = Show(Policy);

        Assert.Contains("Automatic expansion of StorageClass fast", dialog.Find("h2").TextContent, StringComparison.Ordinal);
        await SubmitAsync(dialog);

        Assert.Equal(("fast", "ada"), (Policy.StorageClass, Policy.SavedBy));
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_told_and_nothing_that_was_typed_is_lost()
    {
        await SaveAsync(null, Rules);
        var dialog = Show(Policy);
        Field(dialog, "Never larger than").Input("50Gi");
        await SaveAsync(Policy, Rules with { LimitBytes = 60 * Gi, CooldownMinutes = 90 }, isEnabled: false);

        await SubmitAsync(dialog);
        Assert.False(IsClosed);
        Assert.Contains("shop/data was changed meanwhile by bob, in fields that you changed too: Never larger than: 60Gi.", dialog.Find(".problem").TextContent, StringComparison.Ordinal);
        Assert.Equal("50Gi", Field(dialog, "Never larger than").GetAttribute("value"));
        Assert.Equal(60 * Gi, Policy.Rules.LimitBytes);
        await SubmitAsync(dialog);

        Assert.True(IsClosed);
        Assert.Equal((Rules with { LimitBytes = 50 * Gi, CooldownMinutes = 90 }, false), (Policy.Rules, Policy.IsEnabled));
    }

    [Fact]
    public async Task What_was_removed_or_set_meanwhile_is_told_before_anything_is_written()
    {
        await SaveAsync(null, Rules);
        var dialog = Show(Policy);
        await Policies.DeleteAsync(Policy.Id, Cancel);

        await SubmitAsync(dialog);
        Assert.Contains("removed meanwhile", dialog.Find(".problem").TextContent, StringComparison.Ordinal);
        Assert.Empty(Policies.Live.Current.Policies);
        await SaveAsync(null, Rules with { LimitBytes = 60 * Gi });
        await SubmitAsync(dialog);
        Assert.Contains("shop/data has a policy already, set meanwhile by bob", dialog.Find(".problem").TextContent, StringComparison.Ordinal);
        Assert.Equal(60 * Gi, Policy.Rules.LimitBytes);
        await SubmitAsync(dialog);

        Assert.Equal(Rules, Policy.Rules);
    }

    private Task SaveAsync(AutoExpandPolicy? seen, AutoExpandRules rules, bool isEnabled = true) => Policies.SaveAsync(seen, Volume, null, rules, isEnabled, "bob", Cancel);

    private IRenderedComponent<AutoExpandDialog> Show(AutoExpandPolicy policy) =>
        Render<AutoExpandDialog>(parameters => parameters.Add(dialog => dialog.Policy, policy).Add(dialog => dialog.Closed, Closed));
}
