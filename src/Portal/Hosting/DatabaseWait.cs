using System.Globalization;
using System.Net;
using System.Text;
using Portal.Core.Texts;
using Portal.Database;

namespace Portal.Hosting;

/// <summary>Opens the database before the portal starts, and waits where waiting may help: whoever opens the portal's address meanwhile reads why.</summary>
internal static class DatabaseWait
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public enum Outcome
    {
        Open,
        Unusable,
        Stopped,
    }

    /// <param name="error">Gets each reason once, as a sentence.</param>
    public static async Task<Outcome> OpenAsync(PortalDatabase database, PortalOptions options, TextWriter error)
    {
        Directory.CreateDirectory(options.Data);
        var problem = (Message?)null;
        WebApplication? pages = null;
        try
        {
            while (pages is not { Lifetime.ApplicationStopping.IsCancellationRequested: true })
            {
                try
                {
                    await database.OpenAsync(pages?.Lifetime.ApplicationStopping ?? CancellationToken.None);
                    return Outcome.Open;
                }
                catch (DatabaseUnusableException unusable)
                {
                    if (unusable.Problem != problem) await error.WriteLineAsync(unusable.Problem.ToString());
                    Volatile.Write(ref problem, unusable.Problem);
                    if (!unusable.MayPass) return Outcome.Unusable;
                }
                pages ??= await ServeAsync(options, () => Volatile.Read(ref problem)!);
                await Task.Delay(Every, pages.Lifetime.ApplicationStopping);
            }
        }
        catch (OperationCanceledException) when (pages is { Lifetime.ApplicationStopping.IsCancellationRequested: true })
        {
            // Told to stop while it waits.
        }
        finally
        {
            if (pages is not null)
            {
                await pages.StopAsync();
                await pages.DisposeAsync();
            }
        }
        return Outcome.Stopped;
    }

    private static async Task<WebApplication> ServeAsync(PortalOptions options, Func<Message> problem)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Configure());
        builder.WebHost.UseUrls(options.Urls ?? ListenAddresses.FirstFree());
        builder.Services.FilterHostsOfPages();
        var app = builder.Build();
        app.UseHostFiltering();
        // It lives; it is not ready.
        app.MapGet("/healthz", () => "ok");
        app.MapGet("/readyz", () => Results.Text(problem().English, statusCode: StatusCodes.Status503ServiceUnavailable));
        app.MapFallback(() => Results.Text(Page(problem()), "text/html", Encoding.UTF8, StatusCodes.Status503ServiceUnavailable));
        await app.StartAsync();
        return app;
    }

    // In both languages: nobody has said yet which he reads.
    private static string Page(Message problem)
    {
        string[] languages = ["en", "zh-CN"];
        var parts = languages.Select(language => In(language, () => $"""
            <section lang="{language}"><h1>{WebUtility.HtmlEncode(HostingTexts.DatabaseWaiting)}</h1><p>{WebUtility.HtmlEncode(problem.ToString())}</p><p>{WebUtility.HtmlEncode(HostingTexts.DatabaseWaitingText)}</p></section>
            """));
        return $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="3"><title>TopoLVM Portal</title>
            <style>:root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 10vh auto; padding: 0 1rem; overflow-wrap: anywhere } h1 { font-size: 1.4rem } section + section { margin-top: 3rem }</style></head>
            <body>{{string.Concat(parts)}}</body></html>
            """;
    }

    private static string In(string language, Func<string> text)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return text();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
