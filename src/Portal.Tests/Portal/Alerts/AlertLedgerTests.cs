using System.Collections.Immutable;
using Portal.Alerts;
using Portal.Core.Alerts;
using Portal.Core.Texts;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Tests.Portal.Alerts;

public sealed class AlertLedgerTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private ImmutableArray<KeptAlert> _firing = [];

    [Fact]
    public void What_comes_and_goes_within_two_minutes_is_one_alert()
    {
        Assert.Equal(["Fired"], Look(0, Alert()));
        Assert.Empty(Look(60));
        Assert.Empty(Look(100, Alert()));
        Assert.Empty(Look(160));
        Assert.Empty(Look(270));

        Assert.Single(_firing);
        Assert.Equal(["Resolved"], Look(281));
        Assert.Empty(_firing);
    }

    [Fact]
    public void Numbers_that_change_are_not_a_new_alert()
    {
        Look(0, Alert(text: "90 %"));

        Assert.Empty(Look(5, Alert(text: "91 %")));
        Assert.Equal("91 %", Assert.Single(_firing).Alert.What.English);
        Assert.Equal(Start, _firing[0].FiredAt);
    }

    [Fact]
    public void A_warning_that_becomes_critical_is_told_anew_and_has_to_be_acknowledged_anew()
    {
        Look(0, Alert());
        _firing = [_firing[0] with { AcknowledgedBy = "ada", AcknowledgedAt = Start }];

        Assert.Equal(["Worsened"], Look(5, Alert(AlertSeverity.Critical)));
        Assert.Null(_firing[0].AcknowledgedBy);
        Assert.Empty(Look(10, Alert()));
    }

    [Fact]
    public void What_nobody_can_tell_is_not_over()
    {
        Look(0, Alert());

        Look(1000, canTell: false);
        Assert.Empty(Look(9000, canTell: false));
        Assert.Single(_firing);
    }

    [Fact]
    public void The_worst_comes_first_and_then_the_newest()
    {
        Look(0, Alert(of: "a"), Alert(of: "b"));
        Look(5, Alert(of: "a"), Alert(of: "b"), Alert(of: "c"), Alert(AlertSeverity.Critical, "d"));

        Assert.Equal("dcab", string.Concat(_firing.Select(kept => kept.Alert.Object)));
    }

    private static Alert Alert(AlertSeverity severity = AlertSeverity.Warning, string of = "edge-1/myvg1", string text = "It is full.") =>
        new("volume-group-fill", of, severity, Message.Verbatim(text), Message.Verbatim("Do something."), new(MendingPage.Nodes));

    private string[] Look(int seconds, params ImmutableArray<Alert> found) => Look(seconds, canTell: true, found);

    private string[] Look(int seconds, bool canTell, params ImmutableArray<Alert> found)
    {
        (_firing, var changes) = AlertLedger.Next(_firing, found, _ => canTell, Start.AddSeconds(seconds));
        return [.. changes.Select(change => change.Kind.ToString())];
    }
}
