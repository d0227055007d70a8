namespace Portal.Components;

// What a page makes of a letter comes back later, over the network and perhaps by way of the URL; by then more has been typed. A field
// that shows what comes back would take away the letters since. So it shows what was typed, until something comes that was never typed here.

/// <summary>What stands in a field in which a person types.</summary>
public sealed class TypedText
{
    // What was told to the page and has not come back yet; spaces at the ends may be lost on the way.
    private readonly List<string> _onTheirWay = [];
    private string? _given;

    public string? Text { get; private set; }

    /// <summary>What the page says stands in it; called whenever the component gets its parameters.</summary>
    public void Given(string? value)
    {
        if (value == _given) return;
        _given = value;
        var echo = _onTheirWay.IndexOf(Plain(value));
        // Echoes come in the order in which it was typed; some are left out.
        _onTheirWay.RemoveRange(0, echo < 0 ? _onTheirWay.Count : echo + 1);
        if (echo < 0) Text = value;
    }

    /// <summary>What a person has typed.</summary>
    /// <returns>What the page is told.</returns>
    public string Type(string? text)
    {
        Text = text;
        if (Plain(text) != (_onTheirWay.Count > 0 ? _onTheirWay[^1] : Plain(_given))) _onTheirWay.Add(Plain(text));
        return text ?? "";
    }

    private static string Plain(string? text) => text?.Trim() ?? "";
}
