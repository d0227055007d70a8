using System.Text.Json.Nodes;

namespace Portal.Core.TopoLvm.Lvmd;

// The text is the document. The form shows what is read from it and edits it in place; the YAML view shows it as it is. Neither
// can lose what the other does not show.

/// <summary>An lvmd.yaml being edited, as text and as what the text says. Edits give a new document, or null where the text is written in a way that
/// only its own editor can change (an alias, for example).</summary>
public sealed class LvmdDocument
{
    private const string Classes = "device-classes";
    private const string OptionClasses = "lvcreate-option-classes";

    public LvmdDocument(string text) => (Text, Reading) = (text, LvmdConfig.Read(text));

    public string Text { get; }

    public LvmdReading Reading { get; }

    /// <summary>What the text says; empty while it is not YAML.</summary>
    public LvmdConfig Config => Reading.Config ?? new();

    /// <summary>Sets a key of the file itself; null takes it out.</summary>
    public LvmdDocument? Set(string key, JsonNode? value) => At(key, value);

    /// <summary>Sets a key of a device class, "thin-pool.name" for one of its thin pool; null takes it out.</summary>
    public LvmdDocument? SetInClass(int deviceClass, string key, JsonNode? value) => At($"{Classes}/{deviceClass}/{key.Replace('.', '/')}", value);

    /// <summary>Makes one class the default and no other; null for no default at all.</summary>
    public LvmdDocument? SetDefault(int? deviceClass)
    {
        var document = this;
        for (var i = 0; i < Config.DeviceClasses.Length; i++)
        {
            JsonNode? value = i == deviceClass ? true : null;
            if (Config.DeviceClasses[i].IsDefault == (i == deviceClass)) continue;
            if (document.SetInClass(i, "default", value) is not { } next) return null;
            document = next;
        }
        return document;
    }

    /// <summary>Adds a class at the end; what it leaves at lvmd's own defaults is not written.</summary>
    public LvmdDocument? AddClass(DeviceClassConfig added)
    {
        var json = new JsonObject { ["name"] = added.Name, ["volume-group"] = added.VolumeGroup };
        if (added.IsDefault) json["default"] = true;
        if (added.SpareGb is { } spare) json["spare-gb"] = spare;
        if (added.Type.Length > 0) json["type"] = added.Type;
        if (added.ThinPool is { } pool)
        {
            json["thin-pool"] = new JsonObject { ["name"] = pool.Name };
            if (pool.OverprovisionRatio is { } ratio) json["thin-pool"]!["overprovision-ratio"] = ratio;
        }
        if (added.Stripe is { } stripe) json["stripe"] = stripe;
        if (added.StripeSize.Length > 0) json["stripe-size"] = added.StripeSize;
        if (added.LvcreateOptions.Length > 0) json["lvcreate-options"] = Texts(added.LvcreateOptions);
        return Appended(Classes, json);
    }

    public LvmdDocument? RemoveClass(int deviceClass) => At($"{Classes}/{deviceClass}", null);

    public LvmdDocument? AddOptionClass(string name, IEnumerable<string> options) =>
        Appended(OptionClasses, new JsonObject { ["name"] = name, ["options"] = Texts(options) });

    public LvmdDocument? SetInOptionClass(int optionClass, string key, JsonNode? value) => At($"{OptionClasses}/{optionClass}/{key}", value);

    public LvmdDocument? RemoveOptionClass(int optionClass) => At($"{OptionClasses}/{optionClass}", null);

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    // What is not YAML has no places.
    private LvmdDocument? At(string path, JsonNode? value) =>
        Reading.Config is null ? null : Made(value is null ? YamlEdit.Remove(Text, path) : YamlEdit.Set(Text, path, value));

    private LvmdDocument? Appended(string path, JsonNode item) => Reading.Config is null ? null : Made(YamlEdit.Append(Text, path, item));

    private LvmdDocument? Made(string? text) => text is null ? null : text == Text ? this : new(text);
}
