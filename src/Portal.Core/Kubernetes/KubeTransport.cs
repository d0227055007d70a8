using System.Text.Json;

namespace Portal.Core.Kubernetes;

/// <summary>Sends requests over one pool of connections, limits them in time, and turns refusals into <see cref="KubeException"/>.</summary>
internal sealed class KubeTransport : IDisposable
{
    private const int MaxRetries = 5;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public KubeTransport(KubeConnection connection, TimeProvider time)
    {
        _time = time;
        _http = new HttpClient(connection.CreateHandler()) { BaseAddress = connection.Server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("topolvm-portal/0.1");
    }

    /// <summary>The longest a request may take from its start to the last byte of the answer.</summary>
    public static TimeSpan RequestLimit { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Sends a request and reads its answer; a server that asks to come back later is asked again while there is time.</summary>
    public async Task<TResult> SendAsync<TResult>(KubeRequest request, Func<Stream, CancellationToken, ValueTask<TResult>> readAsync, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(RequestLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var begun = _time.GetTimestamp();
        try
        {
            using var response = await OpenPatientlyAsync(request, begun, either.Token);
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await readAsync(body, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw Unreachable(request, HttpRequestError.Unknown, $"no complete answer within {RequestLimit.TotalSeconds:0} s", new TimeoutException());
        }
        catch (IOException cut)
        {
            throw Unreachable(request, HttpRequestError.ResponseEnded, "the answer was cut off", cut);
        }
        catch (JsonException garbage)
        {
            throw Unreachable(request, HttpRequestError.InvalidResponse, "the answer is not what a Kubernetes API server sends", garbage);
        }
    }

    /// <summary>Sends a request and returns when the head of its answer is there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(KubeRequest request, CancellationToken cancel)
    {
        using var message = request.ToMessage();
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException failed)
        {
            throw Unreachable(request, failed.HttpRequestError, failed.Message, failed);
        }
        try
        {
            if (!response.IsSuccessStatusCode) throw await RefusalAsync(request, response, cancel);
        }
        catch
        {
            response.Dispose();
            throw;
        }
        if (request.OnWarning is { } warn)
            foreach (var warning in response.Headers.Warning) warn(warning.Text[1..^1].Replace("\\\"", "\""));
        return response;
    }

    public void Dispose() => _http.Dispose();

    private KubeUnreachableException Unreachable(KubeRequest request, HttpRequestError error, string message, Exception cause) =>
        new(_http.BaseAddress!, request.ToString(), error, message, cause);

    // Kubernetes' own clients take Retry-After with 429 and with every 5xx for "not done, ask again". So does this one: with 500 a server refuses, for one,
    // a pod in a namespace so new that its service account has no token yet.
    private async Task<HttpResponseMessage> OpenPatientlyAsync(KubeRequest request, long begun, CancellationToken cancel)
    {
        for (var retries = 0; ; retries++)
        {
            try
            {
                return await OpenAsync(request, cancel);
            }
            catch (KubeException busy) when (busy.Status.Code is 429 or >= 500 && busy.RetryAfter is { } pause && retries < MaxRetries
                && _time.GetElapsedTime(begun) + pause < RequestLimit)
            {
                await Task.Delay(pause, _time, cancel);
            }
        }
    }

    private async Task<KubeException> RefusalAsync(KubeRequest request, HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        Status? status = null;
        try
        {
            status = JsonSerializer.Deserialize(text, KubeJson.Of<Status>());
        }
        catch (JsonException)
        {
            // A proxy or a load balancer answered in the API server's place: its text is all there is.
        }
        status ??= new Status { Message = text.Length > 500 ? text[..500] : text };
        if (status.Code == 0) status = status with { Code = (int)response.StatusCode, Reason = response.ReasonPhrase ?? "" };
        var retryAfter = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - _time.GetUtcNow();
        if (retryAfter is null && status.Details is { RetryAfterSeconds: > 0 } details) retryAfter = TimeSpan.FromSeconds(details.RetryAfterSeconds);
        return status.Reason == "Conflict" && request.ContentType == KubeRequest.ApplyPatch
            ? new ApplyConflictException(status, request.ToString()) { RetryAfter = retryAfter }
            : new KubeException(status, request.ToString()) { RetryAfter = retryAfter };
    }
}
