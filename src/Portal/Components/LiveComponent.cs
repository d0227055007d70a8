using Microsoft.AspNetCore.Components;
using Portal.Core;

namespace Portal.Components;

/// <summary>A component that shows live state: it follows what it reads, and renders once for however many signals came meanwhile.</summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private readonly List<IDisposable> _followed = [];
    private readonly CancellationTokenSource _closing = new();
    private ExecutionContext? _circuit;
    private int _pending;
    private bool _disposed;

    /// <summary>Ends when the person leaves the page.</summary>
    protected CancellationToken Closing { get; private set; }

    /// <summary>For what a person has decided: it is carried out, although they may go to another page before it is.</summary>
    protected static CancellationToken Decided => CancellationToken.None;

    protected LiveComponent() => Closing = _closing.Token;

    /// <summary>Renders again whenever this changes; called in <c>OnInitialized</c>, before it is read for the first time.</summary>
    protected void Follow<T>(Live<T> live) where T : class => Follow(live.Subscribe);

    /// <summary>Renders again each second, as long as the component is on the page.</summary>
    protected void Follow(Clock clock) => Follow(clock.Subscribe);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed) return;
        _disposed = true;
        foreach (var subscription in _followed) subscription.Dispose();
        _closing.Cancel();
        _closing.Dispose();
    }

    private void Follow(Func<Action, IDisposable> subscribe)
    {
        // A page that is only rendered to HTML is gone before the first signal.
        if (!RendererInfo.IsInteractive) return;
        // Signals come on the publisher's thread, which has another language than the person who reads this page.
        _circuit ??= ExecutionContext.Capture();
        _followed.Add(subscribe(RenderSoon));
    }

    /// <summary>Something that it reads has changed; may be called on any thread, and returns at once.</summary>
    protected void RenderSoon()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 1) return;
        // The publisher must not wait for the rendering.
        ThreadPool.UnsafeQueueUserWorkItem(static component => component.RenderInCircuit(), this, preferLocal: false);
    }

    private void RenderInCircuit()
    {
        if (_circuit is { } circuit) ExecutionContext.Run(circuit, static component => ((LiveComponent)component!).Render(), this);
        else Render();
    }

    private void Render() => _ = InvokeAsync(() =>
    {
        // Cleared before the state is read: a signal from now on asks for the next render.
        Volatile.Write(ref _pending, 0);
        if (!_disposed) StateHasChanged();
    });
}
