using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Portal.Core.Alerts;

namespace Portal.Alerts.Channels;

/// <summary>Electronic mail by SMTP.</summary>
public sealed class MailChannel : IAlertChannel
{
    private const int TimeoutMilliseconds = 20_000;
    private const int FirstPermanentReply = 500;

    public string Kind => "mail";

    public string? WhyNot(ChannelSettings settings) =>
        settings.Host.Length == 0 ? ChannelTexts.HostMissing.ToString()
        : !MailboxAddress.TryParse(settings.From, out _) ? ChannelTexts.FromMissing.ToString()
        : !InternetAddressList.TryParse(settings.To, out var to) || to.Count == 0 ? ChannelTexts.ToMissing.ToString() : null;

    public async Task SendAsync(ChannelSettings settings, AlertNote note, CancellationToken cancel)
    {
        using var message = new MimeMessage { Subject = note.Title, Body = new TextPart("plain") { Text = string.Join("\n\n", new[] { note.What, note.Next, note.Link }.Where(part => !string.IsNullOrEmpty(part))) + "\n" } };
        message.From.Add(MailboxAddress.Parse(settings.From));
        message.To.AddRange(InternetAddressList.Parse(settings.To));
        try
        {
            using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
            await client.ConnectAsync(settings.Host, settings.Port, settings.Security switch
            {
                "tls" => SecureSocketOptions.SslOnConnect,
                "none" => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            }, cancel);
            if (settings.User.Length > 0) await client.AuthenticateAsync(settings.User, settings.Secret, cancel);
            await client.SendAsync(message, cancel);
            await client.DisconnectAsync(true, cancel);
        }
        catch (SmtpCommandException refused)
        {
            throw new ChannelException($"{(int)refused.StatusCode}: {refused.Message}", refused) { IsFinal = (int)refused.StatusCode >= FirstPermanentReply };
        }
        catch (AuthenticationException refused)
        {
            throw new ChannelException(refused.Message, refused) { IsFinal = true };
        }
        catch (Exception unreached) when (unreached is ProtocolException or IOException or System.Net.Sockets.SocketException or SslHandshakeException or NotSupportedException or TimeoutException)
        {
            throw new ChannelException(unreached.Message, unreached);
        }
    }
}
