namespace Portal.Tests.Testing;

/// <summary>Journeys through the portal have a browser of their own, so that they run beside the other tests that need one.</summary>
[CollectionDefinition(Name)]
public sealed class JourneyTests : ICollectionFixture<Chromium>
{
    public const string Name = "Journeys";
}
