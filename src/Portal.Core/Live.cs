namespace Portal.Core;

// Snapshot and signal. The state is one immutable object behind a reference; a change swaps the reference and raises a
// signal that carries no data. Whoever cares reads Current. No signal can be lost, and their order does not matter.

/// <summary>The current value of something that changes, and a signal when it did.</summary>
public sealed class Live<T>(T initial) where T : class
{
    private readonly Lock _gate = new();
    private T _current = initial;
    private Action[] _subscribers = [];

    public T Current => Volatile.Read(ref _current);

    /// <summary>Swaps the value and signals on the caller's thread; a subscriber must return at once and must not throw.</summary>
    public void Publish(T next)
    {
        Volatile.Write(ref _current, next);
        foreach (var changed in Volatile.Read(ref _subscribers)) changed();
    }

    /// <summary>Swaps the value for one that is made from it; of two changes at the same time, the later sees the earlier.</summary>
    /// <param name="change">Pure: it is called again when another change came between.</param>
    public void Update(Func<T, T> change)
    {
        T before;
        do before = Current;
        while (Interlocked.CompareExchange(ref _current, change(before), before) != before);
        foreach (var changed in Volatile.Read(ref _subscribers)) changed();
    }

    /// <summary>Subscribe before reading <see cref="Current"/>, or a change between the two is lost.</summary>
    public IDisposable Subscribe(Action changed)
    {
        lock (_gate) _subscribers = [.. _subscribers, changed];
        return new Subscription(this, changed);
    }

    private void Remove(Action changed)
    {
        lock (_gate)
        {
            var index = Array.IndexOf(_subscribers, changed);
            if (index >= 0) _subscribers = [.. _subscribers[..index], .. _subscribers[(index + 1)..]];
        }
    }

    private sealed class Subscription(Live<T> live, Action changed) : IDisposable
    {
        public void Dispose() => live.Remove(changed);
    }
}
