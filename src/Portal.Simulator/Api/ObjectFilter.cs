namespace Portal.Simulator.Api;

/// <summary>What a list or watch asked for: namespace, one name, labels and fields.</summary>
internal sealed record ObjectFilter(string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public bool IsSelective => !Labels.IsEverything || !Fields.IsEverything;

    public static ObjectFilter Of(ApiRequest request) =>
        new(request.Namespace, LabelSelector.Parse(request.Query("labelSelector")), FieldSelector.Parse(request.Query("fieldSelector"), request.Type));

    public bool Matches(StoredObject candidate) => Labels.Matches(candidate.Labels) && Fields.Matches(candidate);

    /// <summary>How a watch with this filter sees a change: an object that stops matching is DELETED, one that starts is ADDED; null when it sees nothing.</summary>
    public string? Seen(StoreChange change)
    {
        if (Namespace is not null && change.Object.Name.Namespace != Namespace) return null;
        var before = change.Type == ChangeType.Deleted ? Matches(change.Previous ?? change.Object) : change.Previous is not null && Matches(change.Previous);
        var after = change.Type != ChangeType.Deleted && Matches(change.Object);
        return (before, after) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
    }
}
