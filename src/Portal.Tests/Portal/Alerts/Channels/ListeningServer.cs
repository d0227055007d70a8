using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Tests.Portal.Alerts.Channels;

/// <summary>A web server that remembers what it was sent, and answers as it is told to.</summary>
internal sealed class ListeningServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ListeningServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/hook";

    public ConcurrentQueue<(Uri Uri, string? Authorization, JsonElement Body)> Received { get; } = new();

    public Func<(int Status, string Body)> Answer { get; set; } = () => (200, """{"errcode":0,"errmsg":"ok"}""");

    /// <summary>What goes on before it answers.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public static async Task<ListeningServer> StartAsync(CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new ListeningServer(app);
        app.MapPost("/hook", server.TakeAsync);
        await app.StartAsync(cancel);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        Received.Enqueue((new Uri(_app.Urls.Single() + context.Request.Path + context.Request.QueryString), context.Request.Headers.Authorization, body.RootElement.Clone()));
        await Meanwhile();
        var (status, text) = Answer();
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
