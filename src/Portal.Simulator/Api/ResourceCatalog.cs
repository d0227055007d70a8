using System.Collections.Immutable;

namespace Portal.Simulator.Api;

/// <summary>The resources that are served now: the release's own and those of established custom resource definitions.</summary>
internal sealed class ResourceCatalog(ImmutableArray<ResourceType> builtIn)
{
    private readonly Lock _change = new();
    private volatile State _state = new(builtIn, []);

    /// <summary>In the order of discovery.</summary>
    public IEnumerable<ResourceType> All => _state.BuiltIn.Concat(_state.Custom);

    public IEnumerable<ResourceType> Custom => _state.Custom;

    public ResourceType this[string groupResource] =>
        _state.ByName.GetValueOrDefault(groupResource) ?? throw new KeyNotFoundException(groupResource + " is not served");

    public ResourceType? Find(string group, string version, string plural) =>
        _state.ByName.TryGetValue(group.Length == 0 ? plural : plural + "." + group, out var type) && type.FindVersion(version) is not null ? type : null;

    public ResourceType? FindByName(string groupResource) => _state.ByName.GetValueOrDefault(groupResource);

    public ResourceType? FindKind(string group, string version, string kind) =>
        All.FirstOrDefault(type => type.Group == group && type.Kind == kind && type.FindVersion(version) is not null);

    /// <summary>Serves a custom resource, in place of what was served under its name.</summary>
    public void Serve(ResourceType custom)
    {
        lock (_change)
        {
            _state = new(builtIn, [.. _state.Custom.Where(type => type.GroupResource != custom.GroupResource), custom]);
        }
    }

    public void StopServing(string groupResource)
    {
        lock (_change)
        {
            _state = new(builtIn, [.. _state.Custom.Where(type => type.GroupResource != groupResource)]);
        }
    }

    private sealed class State(ImmutableArray<ResourceType> builtIn, ImmutableArray<ResourceType> custom)
    {
        public ImmutableArray<ResourceType> BuiltIn { get; } = builtIn;
        public ImmutableArray<ResourceType> Custom { get; } = custom;
        public ImmutableDictionary<string, ResourceType> ByName { get; } = builtIn.Concat(custom).ToImmutableDictionary(type => type.GroupResource);
    }
}
