using Portal.Core.Texts;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Core.Alerts;

public enum AlertSeverity
{
    /// <summary>Something was done that somebody may want to know of.</summary>
    Notice,

    /// <summary>Somebody should do something in the next days.</summary>
    Warning,

    /// <summary>Data or writes are in danger now.</summary>
    Critical,
}

/// <summary>Something that somebody should look at.</summary>
/// <param name="Rule">The name of the rule, the same in every language.</param>
/// <param name="Object">What it is about: "edge-1/myvg1", "shop/data".</param>
/// <param name="What">What is the matter, with the object's name.</param>
/// <param name="Next">What to do.</param>
public sealed record Alert(string Rule, string Object, AlertSeverity Severity, Message What, Message Next, MendingPlace Place)
{
    /// <summary>The same as long as it is the same matter, whatever its numbers are.</summary>
    public string Key => KeyOf(Rule, Object);

    public static string KeyOf(string rule, string of) => $"{rule}:{of}";
}
