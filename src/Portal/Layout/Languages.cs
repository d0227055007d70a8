using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.Net.Http.Headers;

namespace Portal.Layout;

/// <summary>The languages of the pages: the person's choice in a cookie, else what the browser asks for, else English.</summary>
public static class Languages
{
    public static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");
    public static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    /// <summary>Each with the name its own speakers use.</summary>
    public static readonly (CultureInfo Culture, string Name)[] All = [(English, "English"), (Chinese, "简体中文")];

    public static void AddLanguages(this IServiceCollection services) => services.Configure<RequestLocalizationOptions>(options =>
    {
        options.DefaultRequestCulture = new(English);
        options.SupportedCultures = options.SupportedUICultures = [English, Chinese];
        options.RequestCultureProviders = [new CookieRequestCultureProvider(), new CustomRequestCultureProvider(FromBrowserAsync)];
    });

    public static void MapLanguages(this WebApplication app) => app.MapGet("/culture/set", (string culture, string? returnTo, HttpContext context) =>
    {
        if (All.All(known => known.Culture.Name != culture)) return Results.BadRequest();
        context.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
            new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Lax, HttpOnly = true, IsEssential = true });
        return Results.LocalRedirect(IsLocal(returnTo) ? returnTo! : "/");
    });

    /// <summary>The link that switches the language and comes back to a page of the portal.</summary>
    public static string SwitchTo(CultureInfo culture, string path) => $"/culture/set?culture={culture.Name}&returnTo={Uri.EscapeDataString(path)}";

    private static bool IsLocal(string? path) => path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal);

    // Every form of Chinese ("zh", "zh-Hans", "zh-TW") is nearer to Simplified Chinese than to English.
    private static Task<ProviderCultureResult?> FromBrowserAsync(HttpContext context)
    {
        if (!StringWithQualityHeaderValue.TryParseList(context.Request.Headers.AcceptLanguage, out var asked)) return Task.FromResult<ProviderCultureResult?>(null);
        var first = asked.OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.Value ?? "")
            .FirstOrDefault(name => name.StartsWith("en", StringComparison.OrdinalIgnoreCase) || name.StartsWith("zh", StringComparison.OrdinalIgnoreCase));
        return Task.FromResult<ProviderCultureResult?>(new((first?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ?? false) ? Chinese.Name : English.Name));
    }
}
