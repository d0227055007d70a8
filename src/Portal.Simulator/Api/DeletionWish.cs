using System.Globalization;

namespace Portal.Simulator.Api;

/// <summary>The options of a deletion.</summary>
/// <param name="Propagation">Background, Foreground or Orphan; null is background.</param>
/// <param name="GraceSeconds">Null takes the pod's own grace period.</param>
internal sealed record DeletionWish(string? Uid, string? ResourceVersion, string? Propagation, long? GraceSeconds, bool DryRun)
{
    public static readonly DeletionWish Background = new(null, null, "Background", null, false);

    /// <exception cref="RefusalException">409 when the object is not the one that was meant.</exception>
    public void Check(ResourceType type, StoredObject current)
    {
        var revision = current.Revision.ToString(CultureInfo.InvariantCulture);
        if (Uid is not null && Uid != current.Uid)
            throw Refusal.Conflict(type, current.Name.Name, $"Precondition failed: UID in precondition: {Uid}, UID in object meta: {current.Uid}");
        if (ResourceVersion is not null && ResourceVersion != revision)
            throw Refusal.Conflict(type, current.Name.Name, $"Precondition failed: ResourceVersion in precondition: {ResourceVersion}, ResourceVersion in object meta: {revision}");
    }
}
