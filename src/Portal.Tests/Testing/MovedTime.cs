namespace Portal.Tests.Testing;

/// <summary>The machine's clock, which a test moves ahead by hours. Timers run as always: whoever waits a second waits a second.</summary>
public sealed class MovedTime : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

    /// <summary>Makes it that late, unless it is later already.</summary>
    public void MoveTo(DateTimeOffset moment)
    {
        var by = moment - GetUtcNow();
        if (by > TimeSpan.Zero) Interlocked.Add(ref _aheadTicks, by.Ticks);
    }
}
