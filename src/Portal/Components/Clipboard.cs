using Microsoft.JSInterop;

namespace Portal.Components;

/// <summary>The clipboard of the person who looks at the page.</summary>
public sealed class Clipboard(IJSRuntime script)
{
    public async Task WriteAsync(string text)
    {
        await using var module = await script.InvokeAsync<IJSObjectReference>("import", "./js/clipboard.js");
        await module.InvokeVoidAsync("write", text);
    }
}
