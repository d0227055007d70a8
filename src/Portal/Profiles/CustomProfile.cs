namespace Portal.Profiles;

/// <summary>An install profile that somebody edited and named.</summary>
/// <param name="BasedOn">Id of the built-in profile it was made from.</param>
public sealed record CustomProfile(string Name, string BasedOn, string Yaml, string SavedBy, DateTimeOffset SavedAt);
