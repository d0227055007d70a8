using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CsCheck;
using Portal.Core.TopoLvm.Lvmd;

namespace Portal.Tests.Core.TopoLvm.Lvmd;

public sealed class LvmdDocumentTests
{
    private const string Sample = """
        # Storage of the site.
        socket-name: /run/topolvm/lvmd.sock
        device-classes:
          - name: ssd          # fast
            volume-group: "myvg1"
            default: true
            # keep some room
            spare-gb: 10       # GiB
            site-note: keep me
          # slow disks
          - {name: hdd, volume-group: myvg2, spare-gb: 5}
        """;

    // What one edit does to the text and, told apart from it, to what the text says.
    private sealed record Edit(string What, Func<LvmdDocument, LvmdDocument?> Document, Func<ImmutableArray<DeviceClassConfig>, ImmutableArray<DeviceClassConfig>> Classes);

    [Fact]
    public void Any_edit_of_ten_thousand_documents_changes_what_was_meant_and_no_other_line()
    {
        var edits = Gen.Select(Gen.Int[0, 13], Gen.Int[0, 3], GivenLvmdFile.Name, Gen.Int[0, 99]);
        Gen.Select(GivenLvmdFile.Any, edits.Array[1, 3]).Sample((text, wanted) =>
        {
            var document = new LvmdDocument(text);
            Assert.True(document.Reading.IsReadable, text);
            foreach (var (which, at, word, number) in wanted)
            {
                if (document.Config.DeviceClasses.IsEmpty) break;
                var edit = EditOf(which, at % document.Config.DeviceClasses.Length, word, number, document.Config);
                var edited = edit.Document(document);
                Assert.True(edited is not null, $"{edit.What} was not possible in\n{document.Text}");
                var expected = Shown(edit.Classes(document.Config.DeviceClasses));
                Assert.True(expected == Shown(edited.Config.DeviceClasses) && edited.Reading.IsReadable, $"{edit.What}\n{document.Text}\nbecame\n{edited.Text}\nexpected {expected}");
                AssertOtherLinesStay(document.Text, edited.Text, edit.What);
                document = edited;
            }
        }, iter: 10_000);
    }

    [Fact]
    public void A_value_is_changed_in_its_place()
    {
        var edited = new LvmdDocument(Sample).SetInClass(0, "spare-gb", 20)!.SetInClass(0, "volume-group", "my vg")!.SetInClass(1, "spare-gb", 0)!;

        Assert.Equal(Sample.Replace("spare-gb: 10 ", "spare-gb: 20 ").Replace("\"myvg1\"", "\"my vg\"").Replace("spare-gb: 5", "spare-gb: 0"), edited.Text);
    }

    [Fact]
    public void A_key_is_added_at_the_end_of_its_class_in_its_style()
    {
        var edited = new LvmdDocument(Sample).SetInClass(0, "stripe", 2)!.SetInClass(0, "lvcreate-options", LvmdDocument.Texts(["-y", "--zero n"]))!
            .SetInClass(1, "thin-pool.name", "pool0")!;

        Assert.Equal(Sample.Replace("    site-note: keep me\n", "    site-note: keep me\n    stripe: 2\n    lvcreate-options:\n      - -y\n      - \"--zero n\"\n")
            .Replace("spare-gb: 5}", "spare-gb: 5, thin-pool: {name: pool0}}"), edited.Text);
    }

    [Fact]
    public void A_class_comes_and_goes_with_its_lines_alone()
    {
        var added = new LvmdDocument(Sample).AddClass(new() { Name = "nvme", VolumeGroup = "myvg3", SpareGb = 1 })!;
        var removed = added.RemoveClass(1)!;

        Assert.Equal(Sample + "\n  - name: nvme\n    volume-group: myvg3\n    spare-gb: 1", added.Text);
        Assert.Equal(added.Text.Replace("  - {name: hdd, volume-group: myvg2, spare-gb: 5}\n", ""), removed.Text);
    }

    [Fact]
    public void One_class_becomes_the_default_and_the_other_is_it_no_more()
    {
        var edited = new LvmdDocument(Sample).SetDefault(1)!;

        Assert.Equal(Sample.Replace("    default: true\n", "").Replace("spare-gb: 5}", "spare-gb: 5, default: true}"), edited.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only words\n")]
    [InlineData("device-classes:\n")]
    [InlineData("device-classes: []\n")]
    [InlineData("device-classes: ~   # none yet\nx: y\n")]
    [InlineData("socket-name: /a")]
    public void The_first_class_is_added_to_any_beginning(string text)
    {
        var edited = new LvmdDocument(text).AddClass(new() { Name = "ssd", VolumeGroup = "vg" })!;

        Assert.Equal("ssd", Assert.Single(edited.Config.DeviceClasses).Name);
        Assert.True(edited.Reading.IsReadable);
    }

    [Fact]
    public void The_last_class_can_go_too() =>
        Assert.Equal("device-classes: []\n", new LvmdDocument("device-classes:\n  - name: a\n    volume-group: b\n").RemoveClass(0)!.Text);

    [Fact]
    public void What_an_alias_shares_is_left_to_the_text_editor()
    {
        var document = new LvmdDocument("device-classes:\n- &a\n  name: a\n  spare-gb: &s 3\n- <<: *a\n  name: b\n- *a\n- {name: c, spare-gb: *s}\n");

        // Setting it in the first class would change the others too.
        Assert.Null(document.SetInClass(0, "spare-gb", 4));
        Assert.Null(document.SetInClass(2, "name", "d"));
        Assert.Null(document.SetInClass(1, "spare-gb", null));
        Assert.Equal(4, document.SetInClass(1, "spare-gb", 4)!.Config.DeviceClasses[1].SpareGb);
    }

    [Fact]
    public void Broken_YAML_is_shown_and_not_edited()
    {
        var document = new LvmdDocument("device-classes: [");

        Assert.Empty(document.Config.DeviceClasses);
        Assert.Null(document.SetInClass(0, "name", "a"));
        Assert.Null(document.AddClass(new() { Name = "a" }));
    }

    [Fact]
    public void Any_text_is_read_without_surprise() =>
        Gen.Select(Gen.String[Gen.Char["abz:-#[]{},&*!|>'\"%@ \n\t0?~"], 0, 40], Gen.Int[0, 2]).Sample((text, at) =>
        {
            var document = new LvmdDocument("device-classes:\n" + text);
            _ = document.SetInClass(at, "spare-gb", 3)?.RemoveClass(at);
            _ = document.AddClass(new() { Name = "a", VolumeGroup = "b" });
        }, iter: 20_000);

    private static Edit EditOf(int which, int at, string word, int number, LvmdConfig config)
    {
        var spaced = word + " " + number;
        var first = config.DeviceClasses[at];
        return which switch
        {
            0 => Change("name", word, one => one with { Name = word }),
            1 => Change("volume-group", spaced, one => one with { VolumeGroup = spaced }),
            2 => Change("spare-gb", number, one => one with { SpareGb = number }),
            3 => Change("spare-gb", null, one => one with { SpareGb = null }),
            4 => Change("stripe", number, one => one with { Stripe = number }),
            5 => Change("stripe-size", null, one => one with { StripeSize = "" }),
            6 => Change("stripe-size", number + "k", one => one with { StripeSize = number + "k" }),
            7 => Change("type", "thin", one => one with { Type = "thin" }),
            8 => Change("lvcreate-options", LvmdDocument.Texts([word, "-y"]), one => one with { LvcreateOptions = [word, "-y"] }),
            9 => Change("lvcreate-options", null, one => one with { LvcreateOptions = [] }),
            10 => Change("thin-pool.name", word, one => one with { ThinPool = new(word, one.ThinPool?.OverprovisionRatio) }),
            11 => Change("thin-pool", null, one => one with { ThinPool = null }),
            12 => new("remove class " + at, document => document.RemoveClass(at), classes => classes.RemoveAt(at)),
            _ => new("add class", document => document.AddClass(first with { Name = word, IsDefault = false }), classes => classes.Add(first with { Name = word, IsDefault = false })),
        };

        Edit Change(string key, JsonNode? value, Func<DeviceClassConfig, DeviceClassConfig> change) =>
            new($"{key} of class {at} = {value?.ToJsonString() ?? "nothing"}", document => document.SetInClass(at, key, value?.DeepClone()), classes => classes.SetItem(at, change(classes[at])));
    }

    private static string Shown(ImmutableArray<DeviceClassConfig> classes) => string.Join("\n", classes.Select(one =>
        $"{one.Name}|{one.VolumeGroup}|{one.IsDefault}|{one.SpareGb}|{one.Stripe}|{one.StripeSize}|{string.Join(",", one.LvcreateOptions)}|{one.Type}|{one.ThinPool}"));

    // Lines before the first and after the last that differ are the same ones; of those in between, no comment on a line of its own is lost
    // unless its entry went.
    private static void AssertOtherLinesStay(string before, string after, string what)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var head = old.Zip(now).TakeWhile(pair => pair.First.TrimEnd('\r') == pair.Second.TrimEnd('\r')).Count();
        var room = Math.Min(old.Length, now.Length) - head;
        var tail = old.Reverse().Zip(now.Reverse()).TakeWhile(pair => pair.First.TrimEnd('\r') == pair.Second.TrimEnd('\r')).Take(room).Count();
        var (gone, come) = (old[head..^tail], now[head..^tail]);
        if (what.StartsWith("remove", StringComparison.Ordinal) || gone.All(string.IsNullOrWhiteSpace)) return;
        Assert.DoesNotContain(gone, line => line.Contains("# - ", StringComparison.Ordinal) && !come.Contains(line));
        if (what.EndsWith("= nothing", StringComparison.Ordinal) || what.StartsWith("lvcreate", StringComparison.Ordinal) || what.StartsWith("thin-pool", StringComparison.Ordinal)) return;
        Assert.True(gone.Length <= 1, $"{what}\n{before}\nbecame\n{after}");
        var comment = gone.SelectMany(line => line.Split("  #").Skip(1)).Select(text => text.TrimEnd('\r'));
        Assert.All(comment, text => Assert.Contains(text, string.Join("\n", come)));
    }
}
