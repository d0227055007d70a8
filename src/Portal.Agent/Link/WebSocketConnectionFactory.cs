using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Portal.Core.Kubernetes.Credentials;

namespace Portal.Agent.Link;

/// <summary>Opens SignalR's transport as one WebSocket, without a request for negotiation: the server needs none.</summary>
internal sealed class WebSocketConnectionFactory(Func<CancellationToken, Task<Secret>> readTokenAsync, string? authorityFile) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(15);
            socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(30);
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader("Authorization", "Bearer " + (await readTokenAsync(cancellationToken)).Reveal());
            if (authorityFile is not null) TrustOnly(authorityFile, socket.Options);
            await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
            return new WebSocketConnection(socket, endpoint);
        }
        catch (WebSocketException) when (socket.HttpStatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            socket.Dispose();
            throw new LinkRefusedException("the portal does not accept the token");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void TrustOnly(string authorityFile, ClientWebSocketOptions options)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(authorityFile);
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            // Name and presence are judged by the platform; the chain is built anew, from these authorities alone.
            if (certificate is not X509Certificate2 found || chain is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0) return false;
            using var own = new X509Chain();
            own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            own.ChainPolicy.CustomTrustStore.AddRange(authorities);
            foreach (var sent in chain.ChainElements) own.ChainPolicy.ExtraStore.Add(sent.Certificate);
            return own.Build(found);
        };
    }
}
