using Portal.Components;

namespace Portal.Tests.Portal.Components;

public sealed class ThreeWayTests
{
    private static readonly FormField<Form>[] Fields =
        [new("Name", form => form.Name, (form, value) => form.Name = value), new("Port", form => form.Port, (form, value) => form.Port = value)];

    [Theory]
    // before, mine, theirs, then what stands and what is told.
    [InlineData("a", "a", "b", "b", "")]
    [InlineData("a", "c", "a", "c", "")]
    [InlineData("a", "b", "b", "b", "")]
    [InlineData("a", "c", "b", "c", "Name: b")]
    [InlineData(null, "c", "b", "c", "Name: b")]
    [InlineData(null, "b", "b", "b", "")]
    public void What_was_typed_stands_and_what_was_not_is_theirs(string? before, string mine, string theirs, string stands, string told)
    {
        var form = new Form { Name = mine };

        var both = ThreeWay.Merge(form, before is null ? null : new Form { Name = before }, new Form { Name = theirs }, Fields);

        Assert.Equal((stands, told), (form.Name, string.Join(", ", both)));
    }

    private sealed class Form
    {
        public string Name { get; set; } = "";
        public string Port { get; set; } = "1";
    }
}
