using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Database;
using Portal.Hosting;
using Portal.Tests.Portal.Database;
using TestContext = Xunit.TestContext;

namespace Portal.Tests.Portal.Pages;

/// <summary>A dialog by itself, over a real database.</summary>
public abstract class DialogTests : BunitContext, IAsyncLifetime
{
    private readonly TestDatabase _database = new();

    protected DialogTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System).AddSingleton(_database.Databases).AddSingleton(new Person("ada"));
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected bool IsClosed { get; private set; }

    /// <summary>For the dialog's parameter of that name.</summary>
    protected EventCallback Closed => EventCallback.Factory.Create(this, () => IsClosed = true);

    public async ValueTask InitializeAsync()
    {
        // Not before the dialog's own services were added: it closes the list of them.
        SetRendererInfo(new RendererInfo("Server", true));
        await DatabaseServices.MigrateAsync(_database.Databases, Cancel);
    }

    protected static IElement Field<TDialog>(IRenderedComponent<TDialog> dialog, string label) where TDialog : IComponent =>
        dialog.Find("#" + dialog.FindAll("label[for]").Single(one => one.TextContent == label).GetAttribute("for"));

    protected static Task SubmitAsync<TDialog>(IRenderedComponent<TDialog> dialog) where TDialog : IComponent => dialog.Find("form").SubmitAsync();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _database.Dispose();
    }
}
