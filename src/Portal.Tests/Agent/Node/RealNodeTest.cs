using Portal.Agent.Node;

namespace Portal.Tests.Agent.Node;

/// <summary>A test of this machine's own kernel and lvm, with loop devices as disks.</summary>
public abstract class RealNodeTest : IAsyncLifetime
{
    private LinuxNode? _node;

    private protected RealDisks Disks { get; } = new();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected LinuxNode Node => _node!;

    public ValueTask InitializeAsync()
    {
        _node = new(Disks.Options, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _node?.Dispose();
        await Disks.DisposeAsync();
    }
}
