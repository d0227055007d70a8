using System.Text;

namespace Portal.Alerts.Channels;

/// <summary>An alert in the Markdown that chat robots understand.</summary>
internal static class MarkdownText
{
    public static string Of(AlertNote note)
    {
        var text = new StringBuilder().Append("### ").Append(note.Title).Append("\n\n").Append(note.What);
        if (note.Next.Length > 0) text.Append("\n\n> ").Append(note.Next);
        if (note.Link is { } link) text.Append("\n\n[").Append(link).Append("](").Append(link).Append(')');
        return text.ToString();
    }
}
