using Portal.Components;

namespace Portal.Tests.Portal.Components;

public sealed class TypedTextTests
{
    [Fact]
    public void What_was_not_typed_here_takes_the_place_of_what_was()
    {
        var text = new TypedText();
        text.Given("old");
        text.Type("mine");

        text.Given("theirs");

        Assert.Equal("theirs", text.Text);
    }

    [Fact]
    public void What_is_not_taken_stays_to_be_mended()
    {
        var text = new TypedText();
        text.Given("1");

        Assert.Equal("abc", text.Type("abc"));
        text.Given("1");
        Assert.Equal("abc", text.Text);
        text.Type("4");
        text.Given("4");

        Assert.Equal("4", text.Text);
    }

    [Fact]
    public void An_answer_does_not_take_away_what_was_typed_since()
    {
        var text = new TypedText();
        foreach (var typed in new[] { "a", "ab", "a", "ac" }) text.Type(typed);

        foreach (var answer in new[] { "a", "ab", "a" })
        {
            text.Given(answer);
            Assert.Equal("ac", text.Text);
        }
    }

    [Fact]
    public void A_space_that_is_lost_on_the_way_stays_while_it_is_typed()
    {
        var text = new TypedText();
        text.Type("edge ");
        text.Given("edge");
        Assert.Equal("edge ", text.Text);

        text.Type("edge 1");
        text.Given("edge 1");
        text.Given("edge");

        Assert.Equal("edge", text.Text);
    }
}
