using System.Collections.Immutable;
using System.Globalization;
using Portal.Core.Texts;
using YamlDotNet.Core;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>Reads lvmd.yaml as lvmd does (YAML to JSON to Go's types), collecting what it could not read instead of stopping there.</summary>
internal sealed class LvmdReader
{
    private readonly List<LvmdProblem> _problems = [];
    private int? _deviceClass;

    public static LvmdReading Read(string yaml)
    {
        try
        {
            return YamlTree.Read(yaml) switch
            {
                null or YamlScalar { IsNull: true } => new(new(), []),
                YamlMap map => new LvmdReader().ReadFile(map),
                var other => new(null, [new(other.Place, LvmdTexts.NotMapping)]),
            };
        }
        catch (YamlException broken)
        {
            return new(null, [TabIn(yaml, broken) ?? new(new((int)broken.Start.Line, (int)broken.Start.Column), LvmdTexts.NotYaml(broken.Message))]);
        }
    }

    // The parser names the value before a tab, and not the tab.
    private static LvmdProblem? TabIn(string yaml, YamlException broken)
    {
        var lines = yaml.Split('\n');
        for (var line = (int)broken.Start.Line; line <= lines.Length; line++)
        {
            var text = lines[line - 1];
            var indent = text.Length - text.TrimStart(' ', '\t').Length;
            if (indent < text.TrimEnd().Length && text.IndexOf('\t', 0, indent) is >= 0 and var tab) return new(new(line, tab + 1), LvmdTexts.TabIndents);
        }
        return null;
    }

    private LvmdReading ReadFile(YamlMap file)
    {
        var config = new LvmdConfig
        {
            SocketName = Text(file, "socket-name"),
            DeviceClasses = [.. Items(file, "device-classes").Select(ReadClass)],
            OptionClasses = [.. Items(file, "lvcreate-option-classes").Select(ReadOptionClass)],
            LvmCommandPrefix = file.Find("lvm-command-prefix") is null ? null : Texts(file, "lvm-command-prefix"),
            Keys = KeysOf(file),
        };
        return new(config, [.. _problems.OrderBy(problem => problem.Place.Line).ThenBy(problem => problem.Place.Column)]);
    }

    private DeviceClassConfig ReadClass(YamlPart item, int index)
    {
        _deviceClass = index;
        try
        {
            if (AsMap(item, null) is not { } map) return new() { Place = item.Place };
            var pool = map.Find("thin-pool") is { Value: var part } && !IsNull(part) ? AsMap(part, "thin-pool") : null;
            return new()
            {
                Name = Text(map, "name") ?? "",
                VolumeGroup = Text(map, "volume-group") ?? "",
                IsDefault = Flag(map, "default"),
                SpareGb = Number(map, "spare-gb"),
                Stripe = Number(map, "stripe"),
                StripeSize = Text(map, "stripe-size") ?? "",
                LvcreateOptions = Texts(map, "lvcreate-options"),
                Type = Text(map, "type") ?? "",
                ThinPool = pool is null ? null : new(Text(pool, "name", "thin-pool.") ?? "", Ratio(pool)),
                Place = map.Place,
                Keys = pool is null ? KeysOf(map) : KeysOf(map).SetItems(KeysOf(pool).Select(key => KeyValuePair.Create("thin-pool." + key.Key, key.Value))),
            };
        }
        finally
        {
            _deviceClass = null;
        }
    }

    private LvcreateOptionClass ReadOptionClass(YamlPart item, int index) =>
        AsMap(item, "lvcreate-option-classes") is { } map ? new(Text(map, "name") ?? "", Texts(map, "options"), map.Place) : new("", [], item.Place);

    private string? Text(YamlMap map, string key, string prefix = "") => map.Find(key)?.Value switch
    {
        null => null,
        YamlScalar { IsNull: true } => null,
        YamlScalar scalar => AsText(scalar),
        var other => Refuse<string?>(other, prefix + key, LvmdTexts.NotText(prefix + key)),
    };

    private long? Number(YamlMap map, string key)
    {
        if (map.Find(key)?.Value is not { } value || IsNull(value)) return null;
        return value is YamlScalar { IsPlain: true } scalar && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : Refuse<long?>(value, key, LvmdTexts.NotWholeNumber(key, Shown(value)));
    }

    private double? Ratio(YamlMap pool)
    {
        const string key = "overprovision-ratio";
        if (pool.Find(key)?.Value is not { } value || IsNull(value)) return null;
        return value is YamlScalar { IsPlain: true } scalar && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : Refuse<double?>(value, "thin-pool." + key, LvmdTexts.NotNumber("thin-pool." + key, Shown(value)));
    }

    private bool Flag(YamlMap map, string key)
    {
        if (map.Find(key)?.Value is not { } value || IsNull(value)) return false;
        return (value is YamlScalar scalar ? AsFlag(scalar) : null) ?? Refuse<bool>(value, key, LvmdTexts.NotFlag(key, Shown(value)));
    }

    private ImmutableArray<string> Texts(YamlMap map, string key) =>
    [
        .. Items(map, key).Select(item => item is YamlScalar scalar ? AsText(scalar) : Refuse<string?>(item, key, LvmdTexts.NotText(key)))
            .OfType<string>(),
    ];

    private ImmutableArray<YamlPart> Items(YamlMap map, string key) => map.Find(key)?.Value switch
    {
        null => [],
        YamlScalar { IsNull: true } => [],
        YamlList list => list.Items,
        var other => Refuse<ImmutableArray<YamlPart>?>(other, key, LvmdTexts.NotList(key)) ?? [],
    };

    private YamlMap? AsMap(YamlPart part, string? key) => part as YamlMap ?? Refuse<YamlMap?>(part, key, LvmdTexts.NotEntry);

    private T? Refuse<T>(YamlPart part, string? key, Message text)
    {
        _problems.Add(new(part.Place, text, LvmdSeverity.Refused, _deviceClass, key));
        return default;
    }

    private static ImmutableSortedDictionary<string, LvmdPlace> KeysOf(YamlMap map)
    {
        var keys = ImmutableSortedDictionary.CreateBuilder<string, LvmdPlace>(StringComparer.Ordinal);
        foreach (var entry in map.Entries.Where(entry => entry.Name is not ("<<" or ""))) keys[entry.Name] = entry.Key.Place;
        return keys.ToImmutable();
    }

    private static bool IsNull(YamlPart part) => part is YamlScalar { IsNull: true };

    // lvmd's YAML is version 1.1: a bare yes is a flag, and a flag in the place of a text becomes "true".
    private static string AsText(YamlScalar scalar) => AsFlag(scalar) switch
    {
        null => scalar.Value,
        true => "true",
        false => "false",
    };

    private static bool? AsFlag(YamlScalar scalar) => scalar.IsPlain
        ? scalar.Value switch
        {
            "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
            "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
            _ => null,
        }
        : null;

    private static string Shown(YamlPart part) => part is YamlScalar scalar ? scalar.Value : "…";
}
