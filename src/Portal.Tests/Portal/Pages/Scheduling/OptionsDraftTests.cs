using Portal.Pages.Scheduling;

namespace Portal.Tests.Portal.Pages.Scheduling;

public sealed class OptionsDraftTests
{
    private const string First = "listen: \"localhost:9251\"\n# general\ndefault-divisor: 1\n";
    private const string Theirs = "listen: \"localhost:9251\"\n# general\ndefault-divisor: 1\ndivisors:\n  hdd: 4 # theirs\n";

    [Fact]
    public void The_draft_follows_the_cluster_until_somebody_edits()
    {
        var draft = new OptionsDraft();
        draft.Follow(First);
        draft.Follow(Theirs);

        Assert.False(draft.IsChanged);
        Assert.Equal(Theirs, draft.Text);
        Assert.Equal(4, draft.Options.Divisors["hdd"]);
    }

    [Fact]
    public void An_edit_stays_when_somebody_else_writes_and_is_put_on_top()
    {
        var draft = Edited(divisor: 2);
        draft.Follow(Theirs);
        Assert.True(draft.IsOvertaken(Theirs));
        Assert.Equal(2, draft.Options.DefaultDivisor);

        draft.PutOnTop(Theirs);

        Assert.False(draft.IsOvertaken(Theirs));
        Assert.Empty(draft.Conflicts);
        Assert.Equal(Theirs.Replace("divisor: 1", "divisor: 2", StringComparison.Ordinal), draft.Text);
    }

    [Fact]
    public void Where_both_changed_a_value_it_is_named_and_mine_stands()
    {
        var draft = Edited(divisor: 2);

        draft.PutOnTop(First.Replace("divisor: 1", "divisor: 3", StringComparison.Ordinal));

        Assert.Equal(["default-divisor"], draft.Conflicts);
        Assert.Equal(2, draft.Options.DefaultDivisor);
    }

    [Fact]
    public void What_I_wrote_is_no_longer_a_change_once_it_stands()
    {
        var draft = Edited(divisor: 2);

        draft.Follow(draft.Text);

        Assert.False(draft.IsChanged);
    }

    [Fact]
    public void Text_and_form_are_the_same_document()
    {
        var draft = Edited(divisor: 2);
        draft.SetText("default-divisor: 7\r\ndivisors: {ssd: 0.5}\r\n");
        Assert.Equal((7, 0.5), (draft.Options.DefaultDivisor, draft.Options.Divisors["ssd"]));

        draft.SetOptions(draft.Options with { DefaultDivisor = 8 });

        Assert.Equal("default-divisor: 8\ndivisors: {ssd: 0.5}\n", draft.Text);
        draft.SetText("default-divisor: [\n");
        Assert.NotEmpty(draft.Problems);
        draft.SetOptions(draft.Options with { DefaultDivisor = 9 });
        Assert.True(draft.NeedsHand);
        Assert.Equal("default-divisor: [\n", draft.Text);
    }

    private static OptionsDraft Edited(double divisor)
    {
        var draft = new OptionsDraft();
        draft.Follow(First);
        draft.SetOptions(draft.Options with { DefaultDivisor = divisor });
        return draft;
    }
}
