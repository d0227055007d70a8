using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Kubernetes;

namespace Portal.Tests.Testing;

/// <summary>A write on its way through a <see cref="GateProxy"/>. Dry runs and access reviews change nothing and are none.</summary>
public sealed record GatedWrite(string Method, string Path)
{
    public override string ToString() => Method + " " + Path;
}

public enum GateMoment
{
    /// <summary>The server has not seen the write, and will not see it when its sender dies now.</summary>
    BeforeEffect,

    /// <summary>The server has carried it out; its sender does not know.</summary>
    AfterEffect,
}

/// <summary>A reverse proxy before an API server that can stop at a chosen write, so that a test can kill the writer exactly there.</summary>
public sealed class GateProxy : IAsyncDisposable
{
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Host"];

    private readonly WebApplication _web;
    private readonly HttpMessageInvoker _upstream;
    private readonly Uri _server;
    private Gate? _gate;

    private GateProxy(WebApplication web, KubeConnection upstream)
    {
        _web = web;
        _server = upstream.Server;
        _upstream = new HttpMessageInvoker(upstream.CreateHandler());
    }

    public Uri Url => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<GateProxy> StartAsync(KubeConnection upstream, CancellationToken cancel)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var web = builder.Build();
        var proxy = new GateProxy(web, upstream);
        web.Run(proxy.ForwardAsync);
        await web.StartAsync(cancel);
        return proxy;
    }

    /// <summary>Stops the next write that is chosen, at a moment. One gate at a time: a new one takes the place of the old one.</summary>
    public Gate Hold(GateMoment moment, Func<GatedWrite, bool> which)
    {
        var gate = new Gate(moment, which);
        Interlocked.Exchange(ref _gate, gate)?.Open();
        return gate;
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Read(ref _gate)?.Open();
        await _web.DisposeAsync();
        _upstream.Dispose();
    }

    private async Task ForwardAsync(HttpContext http)
    {
        var cancel = http.RequestAborted;
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancel);
        var gate = WriteOf(http.Request) is { } write && Volatile.Read(ref _gate) is { } set && set.TryTake(write) ? set : null;
        if (gate?.Moment == GateMoment.BeforeEffect) await gate.PassAsync(cancel);
        using var request = RequestFor(http.Request, body);
        using var response = await _upstream.SendAsync(request, cancel);
        if (gate?.Moment == GateMoment.AfterEffect) await gate.PassAsync(cancel);
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            if (!HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase)) http.Response.Headers[name] = values.ToArray();
        await PourAsync(await response.Content.ReadAsStreamAsync(cancel), http.Response, cancel);
    }

    private HttpRequestMessage RequestFor(HttpRequest incoming, MemoryStream body)
    {
        var request = new HttpRequestMessage(new HttpMethod(incoming.Method), new Uri(_server, incoming.GetEncodedPathAndQuery())) { Version = HttpVersion.Version20 };
        if (body.Length > 0) request.Content = new ByteArrayContent(body.ToArray());
        foreach (var (name, values) in incoming.Headers)
        {
            if (HopByHop.Contains(name, StringComparer.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }
        return request;
    }

    // A watch must not wait in a buffer.
    private static async Task PourAsync(Stream from, HttpResponse to, CancellationToken cancel)
    {
        await to.Body.FlushAsync(cancel);
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            await to.Body.WriteAsync(buffer.AsMemory(0, count), cancel);
            await to.Body.FlushAsync(cancel);
        }
    }

    private static GatedWrite? WriteOf(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || request.Query.ContainsKey("dryRun") || request.Path.Value!.EndsWith("reviews", StringComparison.Ordinal)
            ? null
            : new(request.Method, request.Path.Value!);
}
