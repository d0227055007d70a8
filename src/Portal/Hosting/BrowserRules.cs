namespace Portal.Hosting;

/// <summary>What a browser may do with the portal's pages: nothing comes from elsewhere, and nobody else speaks for them.</summary>
public static class BrowserRules
{
    // Radzen and Blazor's own error bar set style attributes; scripts have no such exception.
    private const string ContentPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void UseBrowserRules(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (IsFromElsewhere(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        await next(context);
    });

    // Browsers do not keep WebSockets to their own origin; a page elsewhere could otherwise open the portal's.
    private static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && origin != request.Scheme + "://" + request.Host;
}
