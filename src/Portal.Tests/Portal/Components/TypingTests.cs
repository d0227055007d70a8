using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Portal.Components;

namespace Portal.Tests.Portal.Components;

public sealed class TypingTests
{
    public static TheoryData<string> Fields => ["text", "live text", "number", "secret"];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task What_was_typed_is_not_sent_back_over_what_is_typed_by_then(string kind)
    {
        await using var wire = new Wire();
        await wire.ShowAsync(builder =>
        {
            builder.OpenComponent<Page>(0);
            builder.AddComponentParameter(1, nameof(Page.Kind), kind);
            builder.CloseComponent();
        });

        await wire.TypeAsync("1");
        await wire.TypeAsync("12");

        Assert.Empty(wire.Written);
    }

    // What is searched stands in the URL, and comes back from there when more has been typed.
    [Fact]
    public async Task What_comes_back_late_by_way_of_the_address_does_not_take_away_the_letters_since()
    {
        await using var wire = new Wire();
        var page = new Searched();
        await wire.ShowAsync(builder =>
        {
            builder.OpenComponent<Searched>(0);
            builder.AddComponentReferenceCapture(1, made => page = (Searched)made);
            builder.CloseComponent();
        });

        await wire.TypeAsync("a");
        await wire.TypeAsync("ab");
        await wire.Dispatcher.InvokeAsync(() => page.Answer("a"));
        await wire.Dispatcher.InvokeAsync(() => page.Answer("ab"));
        Assert.Empty(wire.Written);
        await wire.Dispatcher.InvokeAsync(() => page.Answer(null));

        Assert.Equal([null], wire.Written);
    }

    private sealed class Searched : ComponentBase
    {
        private string? _search;

        public void Answer(string? search)
        {
            _search = search;
            StateHasChanged();
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<SearchField>(0);
            builder.AddComponentParameter(1, "Value", _search);
            builder.AddComponentParameter(2, "ValueChanged", EventCallback.Factory.Create<string?>(this, _ => { }));
            builder.AddComponentParameter(3, "Placeholder", "Search");
            builder.CloseComponent();
        }
    }

    private sealed class Page : ComponentBase
    {
        private string _text = "";

        [Parameter]
        public string Kind { get; set; } = "";

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            switch (Kind)
            {
                case "number":
                    builder.OpenComponent<NumberField>(0);
                    builder.AddComponentParameter(1, "Value", int.TryParse(_text, out var number) ? (int?)number : null);
                    builder.AddComponentParameter(2, "ValueChanged", EventCallback.Factory.Create<int?>(this, value => _text = value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? ""));
                    break;
                case "secret":
                    builder.OpenComponent<SecretField>(3);
                    Text(builder);
                    break;
                default:
                    builder.OpenComponent<TextField>(4);
                    Text(builder);
                    builder.AddComponentParameter(7, "IsLive", Kind == "live text");
                    break;
            }
            builder.AddComponentParameter(8, "Label", "Size");
            builder.CloseComponent();
        }

        private void Text(RenderTreeBuilder builder)
        {
            builder.AddComponentParameter(5, "Value", _text);
            builder.AddComponentParameter(6, "ValueChanged", EventCallback.Factory.Create<string>(this, value => _text = value));
        }
    }
}
