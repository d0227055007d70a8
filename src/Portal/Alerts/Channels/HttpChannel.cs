using System.Text;
using System.Text.Json;
using Portal.Core.Alerts;

namespace Portal.Alerts.Channels;

/// <summary>Posts JSON and reads what came of it.</summary>
public sealed class HttpChannel(IHttpClientFactory clients)
{
    public const string ClientName = "alert-channels";
    private const int LongestAnswer = 300;

    /// <returns>The answer's body.</returns>
    /// <exception cref="ChannelException">It was not reached, or did not take it.</exception>
    public async Task<string> PostAsync(string url, object body, string? bearer, CancellationToken cancel)
    {
        using var client = clients.CreateClient(ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        if (!string.IsNullOrEmpty(bearer)) request.Headers.Authorization = new("Bearer", bearer);
        try
        {
            using var answer = await client.SendAsync(request, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            if (answer.IsSuccessStatusCode) return text;
            var cut = text.Length > LongestAnswer ? text[..LongestAnswer] : text;
            // Too many requests and what went wrong over there pass; all else that is refused is refused again.
            throw new ChannelException($"HTTP {(int)answer.StatusCode} {cut}".Trim()) { IsFinal = (int)answer.StatusCode is >= 400 and < 500 and not 408 and not 429 };
        }
        catch (HttpRequestException unreached)
        {
            throw new ChannelException(unreached.InnerException?.Message ?? unreached.Message, unreached);
        }
        catch (TaskCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new ChannelException(ChannelTexts.NoAnswer.English, late);
        }
    }

    /// <summary>Robots answer 200 and say in the body whether they took it.</summary>
    /// <exception cref="ChannelException">They did not.</exception>
    public static void CheckRobot(string answer, params ReadOnlySpan<int> passing)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var code = document.RootElement.TryGetProperty("errcode", out var number) ? number.GetInt32() : -1;
            if (code == 0) return;
            var said = document.RootElement.TryGetProperty("errmsg", out var text) ? text.GetString() : answer;
            throw new ChannelException($"{code}: {said}") { IsFinal = !passing.Contains(code) };
        }
        catch (JsonException strange)
        {
            throw new ChannelException(answer.Length > LongestAnswer ? answer[..LongestAnswer] : answer, strange);
        }
    }

    internal static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps);
}
