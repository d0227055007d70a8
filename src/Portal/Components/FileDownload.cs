using Microsoft.JSInterop;

namespace Portal.Components;

/// <summary>Gives the person who looks at the page a text to keep as a file.</summary>
public sealed class FileDownload(IJSRuntime script)
{
    /// <param name="type">A media type: "text/csv".</param>
    public async Task SaveAsync(string name, string type, string text)
    {
        await using var module = await script.InvokeAsync<IJSObjectReference>("import", "./js/download.js");
        // As a stream: a text of some size would not fit into one message to the browser.
        using var content = new DotNetStreamReference(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)));
        await module.InvokeVoidAsync("save", name, type, content);
    }
}
