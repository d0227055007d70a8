using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Portal.Tests.Portal.Components;

#pragma warning disable BL0006 // The frames are read here as the browser's part of the framework reads them.

/// <summary>Renders one component, lets a person type into its field, and remembers each text that would be sent to be put into that field.</summary>
internal sealed class Wire() : Microsoft.AspNetCore.Components.RenderTree.Renderer(new ServiceCollection().BuildServiceProvider(), NullLoggerFactory.Instance)
{
    private readonly List<string?> _written = [];
    private (int Component, ulong Event) _field;

    public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

    /// <summary>What was sent since the field was first rendered.</summary>
    public IReadOnlyList<string?> Written => _written;

    public Task ShowAsync(RenderFragment what) => Dispatcher.InvokeAsync(async () =>
    {
        var root = AssignRootComponentId(new Root(what));
        await RenderRootComponentAsync(root);
        _written.Clear();
    });

    /// <summary>The browser tells of a text, which stands in the field there.</summary>
    public Task TypeAsync(string text) => Dispatcher.InvokeAsync(() =>
        DispatchEventAsync(_field.Event, new EventFieldInfo { ComponentId = _field.Component, FieldValue = text }, new ChangeEventArgs { Value = text }));

    protected override void HandleException(Exception exception) => ExceptionDispatchInfo.Throw(exception);

    protected override Task UpdateDisplayAsync(in RenderBatch renderBatch)
    {
        for (var i = 0; i < renderBatch.UpdatedComponents.Count; i++)
        {
            var diff = renderBatch.UpdatedComponents.Array[i];
            foreach (var edit in diff.Edits)
            {
                var frame = renderBatch.ReferenceFrames.Array[edit.ReferenceFrameIndex];
                if (edit.Type is RenderTreeEditType.SetAttribute && frame.AttributeName == "value") _written.Add(frame.AttributeValue?.ToString());
                if (edit.Type is RenderTreeEditType.RemoveAttribute && edit.RemovedAttributeName == "value") _written.Add(null);
            }
        }
        for (var i = 0; i < renderBatch.ReferenceFrames.Count; i++)
        {
            var frame = renderBatch.ReferenceFrames.Array[i];
            if (frame is { FrameType: RenderTreeFrameType.Attribute, AttributeName: "oninput" or "onchange" }) _field = (ComponentOf(renderBatch, i), frame.AttributeEventHandlerId);
        }
        return Task.CompletedTask;
    }

    private static int ComponentOf(in RenderBatch batch, int frame)
    {
        for (var i = 0; i < batch.UpdatedComponents.Count; i++)
        {
            var diff = batch.UpdatedComponents.Array[i];
            foreach (var edit in diff.Edits)
            {
                if (edit.Type != RenderTreeEditType.PrependFrame && edit.Type != RenderTreeEditType.SetAttribute) continue;
                var length = edit.Type == RenderTreeEditType.PrependFrame ? Length(batch.ReferenceFrames.Array[edit.ReferenceFrameIndex]) : 1;
                if (frame >= edit.ReferenceFrameIndex && frame < edit.ReferenceFrameIndex + length) return diff.ComponentId;
            }
        }
        return 0;
    }

    private static int Length(in RenderTreeFrame frame) => frame.FrameType switch
    {
        RenderTreeFrameType.Element => frame.ElementSubtreeLength,
        RenderTreeFrameType.Component => frame.ComponentSubtreeLength,
        RenderTreeFrameType.Region => frame.RegionSubtreeLength,
        _ => 1,
    };

    private sealed class Root(RenderFragment what) : IComponent
    {
        private RenderHandle _handle;

        public void Attach(RenderHandle renderHandle) => _handle = renderHandle;

        public Task SetParametersAsync(ParameterView parameters)
        {
            _handle.Render(what);
            return Task.CompletedTask;
        }
    }
}
