using System.Text.RegularExpressions;
using Portal.Core.Texts;

namespace Portal.Core.TopoLvm.Lvmd;

/// <summary>The rules of one device class, and of the classes among each other.</summary>
internal sealed partial class LvmdClassRules(LvmdConfig config, int index, Version version)
{
    // lvmd shifts the number left by 30 bits.
    private const long LargestSpareGb = 1L << 33;

    private static readonly string[] StripeOptions = ["-i", "--stripes", "-I", "--stripesize"];

    private readonly DeviceClassConfig _class = config.DeviceClasses[index];

    private bool KnowsThin => version >= LvmdVersions.ThinClasses;

    public static IEnumerable<LvmdProblem> Check(LvmdConfig config, Version version) =>
        Enumerable.Range(0, config.DeviceClasses.Length).SelectMany(index => new LvmdClassRules(config, index, version).Check());

    private IEnumerable<LvmdProblem> Check() => [.. OfName(), .. OfVolumeGroup(), .. OfThin(), .. OfSpare(), .. OfStripes(), .. OfOptions(), .. OfKeys()];

    private IEnumerable<LvmdProblem> OfName()
    {
        var name = _class.Name;
        if (name.Length == 0) yield return Refuse("name", LvmdTexts.NameMissing);
        else if (name.Length > 63) yield return Refuse("name", LvmdTexts.NameTooLong(name, name.Length));
        else if (!Name().IsMatch(name)) yield return Refuse("name", LvmdTexts.NameBad(name));
        else if (Earlier(one => one.Name == name) is { } other) yield return Refuse("name", LvmdTexts.NameTwice(name, other.Place.Line));
    }

    private IEnumerable<LvmdProblem> OfVolumeGroup()
    {
        var group = _class.VolumeGroup;
        if (group.Length == 0) yield return Refuse("volume-group", LvmdTexts.VolumeGroupMissing(_class.Name.Length > 0 ? _class.Name : LvmdTexts.ThisClass));
        else if (!VolumeGroup().IsMatch(group) || group is "." or "..") yield return Refuse("volume-group", LvmdTexts.VolumeGroupBad(group));
        else if (!KnowsThin && Earlier(one => one.VolumeGroup == group) is { } any)
            yield return Refuse("volume-group", LvmdTexts.VolumeGroupTwiceEarly(group, any.Name, version));
        else if (KnowsThin && !_class.IsThin && Earlier(one => !one.IsThin && one.VolumeGroup == group) is { } thick)
            yield return Refuse("volume-group", LvmdTexts.VolumeGroupTwice(group, thick.Name));
        else if (KnowsThin && _class.IsThin && Earlier(one => one.IsThin && one.VolumeGroup == group && one.ThinPool?.Name == _class.ThinPool?.Name) is { } thin)
            yield return Refuse("thin-pool.name", LvmdTexts.ThinPoolTwice(group + "/" + _class.ThinPool?.Name, thin.Name));
    }

    private IEnumerable<LvmdProblem> OfThin()
    {
        if (!KnowsThin)
        {
            if (_class.IsThin) yield return Refuse("type", LvmdTexts.ThinTooEarly(_class.Name, version));
            yield break;
        }
        if (_class.Type is not ("" or "thick" or "thin")) yield return Refuse("type", LvmdTexts.TypeBad(_class.Type));
        if (!_class.IsThin)
        {
            if (_class.ThinPool is not null) yield return Warn("thin-pool", LvmdTexts.ThinPoolIgnored(_class.Name));
            yield break;
        }
        if (_class.ThinPool is not { } pool)
        {
            yield return Refuse("thin-pool", LvmdTexts.ThinPoolMissing(_class.Name));
        }
        else
        {
            if (pool.Name.Length == 0) yield return Refuse("thin-pool.name", LvmdTexts.ThinPoolUnnamed(_class.Name));
            if (pool.OverprovisionRatio is not >= 1) yield return Refuse("thin-pool.overprovision-ratio", LvmdTexts.RatioTooSmall(_class.Name));
        }
        if (_class.SpareGb is not null) yield return Warn("spare-gb", LvmdTexts.SpareOfThin(_class.Name));
    }

    private IEnumerable<LvmdProblem> OfSpare()
    {
        if (_class.SpareGb >= LargestSpareGb) yield return Refuse("spare-gb", LvmdTexts.SpareTooLarge(_class.Name, _class.SpareGb));
        if (_class.SpareBytes > 0 && _class.Name.Length > 0 && version < LvmdVersions.SparePublished)
            yield return Say(LvmdSeverity.Note, "spare-gb", LvmdTexts.SpareNotPublished(_class.Name, _class.SpareGb ?? DeviceClassConfig.DefaultSpareGb, version));
    }

    private IEnumerable<LvmdProblem> OfStripes()
    {
        if (!StripeSize().IsMatch(_class.StripeSize)) yield return Refuse("stripe-size", LvmdTexts.StripeSizeBad(_class.StripeSize));
        else if (_class.StripeSize.Length > 0 && _class.Stripe is null) yield return Warn("stripe-size", LvmdTexts.StripeSizeAlone(_class.Name));
    }

    private IEnumerable<LvmdProblem> OfOptions()
    {
        var doubled = _class.Stripe is null ? null : _class.LvcreateOptions.FirstOrDefault(IsStripeOption);
        if (doubled is not null) yield return Refuse("lvcreate-options", LvmdTexts.StripeTwice(_class.Name, doubled));
        if (_class.LvcreateOptions.Any(option => option.Contains("raid", StringComparison.Ordinal) || option is "-m" || option.StartsWith("--mirrors", StringComparison.Ordinal)))
            yield return Warn("lvcreate-options", LvmdTexts.RaidNotCounted(_class.Name));
    }

    private IEnumerable<LvmdProblem> OfKeys() =>
        from key in _class.Keys
        // Said once, by the key above it.
        where !key.Key.StartsWith("thin-pool.", StringComparison.Ordinal) || KnowsThin
        let text = LvmdConfigRules.KeyProblem(key.Key, LvmdVersions.OfClassKey(key.Key), version)
        where text is not null && !(key.Key == "type" && _class.IsThin)
        select new LvmdProblem(key.Value, text, LvmdSeverity.Warning, index, key.Key);

    private static bool IsStripeOption(string option) => StripeOptions.Any(stripe =>
        option == stripe || option.StartsWith(stripe + (stripe[1] == '-' ? "=" : ""), StringComparison.Ordinal) || option.StartsWith(stripe + " ", StringComparison.Ordinal));

    private DeviceClassConfig? Earlier(Func<DeviceClassConfig, bool> same) => config.DeviceClasses.Take(index).FirstOrDefault(same);

    private LvmdProblem Refuse(string key, Message text) => Say(LvmdSeverity.Refused, key, text);

    private LvmdProblem Warn(string key, Message text) => Say(LvmdSeverity.Warning, key, text);

    private LvmdProblem Say(LvmdSeverity severity, string key, Message text) => new(_class.PlaceOf(key), text, severity, index, key);

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex Name();

    // As lvm(8) allows.
    [GeneratedRegex(@"\A[A-Za-z0-9+_.][A-Za-z0-9+_.-]{0,126}\z")]
    private static partial Regex VolumeGroup();

    [GeneratedRegex(@"\A([0-9]*)(k|m|g|t|p|e|b|s)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StripeSize();
}
