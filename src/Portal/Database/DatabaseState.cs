using Portal.Core.Texts;

namespace Portal.Database;

/// <summary>Whether the database can be worked with now.</summary>
/// <param name="Link">Why it cannot be reached, or is another portal's; null while neither is so.</param>
/// <param name="Writes">Why the last change was not taken; null when it was.</param>
public sealed record DatabaseState(Message? Link, Message? Writes)
{
    public static readonly DatabaseState Fine = new(null, null);

    public Message? Problem => Link ?? Writes;
}
