using System.Globalization;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Portal.Components;
using Portal.Core;
using Portal.Tests.Testing;
using TestContext = Xunit.TestContext;

namespace Portal.Tests.Portal.Components;

public sealed class LiveComponentTests : BunitContext
{
    private readonly Live<string> _live = new("first");

    public LiveComponentTests() => SetRendererInfo(new RendererInfo("Server", true));

    [Fact]
    public void A_change_is_shown()
    {
        var shown = Render<Shown>(parameters => parameters.Add(component => component.Live, _live));

        _live.Publish("second");

        shown.WaitForAssertion(() => Assert.Contains("second", shown.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_renders_in_the_language_of_its_reader_whoever_publishes()
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
        var shown = Render<Shown>(parameters => parameters.Add(component => component.Live, _live));
        CultureInfo.CurrentUICulture = before;

        var publisher = new Thread(() =>
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
            _live.Publish("second");
        });
        publisher.Start();

        await Eventually.PassesAsync(() => Assert.Contains("second zh-CN", shown.Markup, StringComparison.Ordinal), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Leaving_the_page_ends_what_it_waits_for_and_follows()
    {
        var shown = Render<Shown>(parameters => parameters.Add(component => component.Live, _live));
        var component = shown.Instance;
        var (closing, renders) = (component.ClosingToken, component.Renders);

        await DisposeComponentsAsync();
        _live.Publish("second");

        Assert.True(closing.IsCancellationRequested);
        Assert.Equal(renders, component.Renders);
    }

    private sealed class Shown : LiveComponent
    {
        [Parameter]
        public Live<string>? Live { get; set; }

        public int Renders { get; private set; }

        public CancellationToken ClosingToken => Closing;

        protected override void OnInitialized() => Follow(Live!);

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            Renders++;
            builder.AddContent(0, Live!.Current + " " + CultureInfo.CurrentUICulture.Name);
        }
    }
}
