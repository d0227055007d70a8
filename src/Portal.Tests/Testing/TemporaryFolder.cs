namespace Portal.Tests.Testing;

/// <summary>A new folder, deleted with all it holds.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("portal-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
