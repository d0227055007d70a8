using System.Collections.Immutable;
using Portal.Agent.Spool;
using Portal.Core.Agents;
using Portal.Tests.Testing;

namespace Portal.Tests.Agent.Spool;

public sealed class SampleSpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    [Fact]
    public void Samples_are_read_in_order_until_they_are_acknowledged()
    {
        using var spool = new SampleSpool(_folder.Path, 1 << 20, _time);
        for (var i = 0; i < 5; i++) spool.Append(Sample(i));

        Assert.Equal([1, 2, 3, 4, 5], Sequences(spool.ReadAfter(0, 1 << 20)));
        spool.Acknowledge(3);
        Assert.Equal([4, 5], Sequences(spool.ReadAfter(3, 1 << 20)));
        spool.Acknowledge(5);
        Assert.Equal(0, spool.Bytes);
    }

    [Fact]
    public void A_batch_holds_as_much_as_was_asked_for_and_one_sample_in_any_case()
    {
        using var spool = new SampleSpool(_folder.Path, 1 << 20, _time);
        for (var i = 0; i < 5; i++) spool.Append(Sample(i));

        Assert.Equal([1], Sequences(spool.ReadAfter(0, 1)));
        Assert.Equal([2], Sequences(spool.ReadAfter(1, 1)));
        Assert.Equal([1, 2, 3, 4, 5], Sequences(spool.ReadAfter(0, 1 << 20)));
    }

    [Fact]
    public void Numbers_go_on_after_a_restart_also_when_nothing_was_left()
    {
        using (var before = new SampleSpool(_folder.Path, 1 << 20, _time))
        {
            before.Append(Sample(0));
            before.Acknowledge(1);
        }
        using var after = new SampleSpool(_folder.Path, 1 << 20, _time);
        after.Append(Sample(1));

        Assert.Equal([2], Sequences(after.ReadAfter(0, 1 << 20)));
    }

    [Fact]
    public void Two_agents_do_not_share_a_directory()
    {
        using var first = new SampleSpool(_folder.Path, 1 << 20, _time);

        Assert.Throws<IOException>(() => new SampleSpool(_folder.Path, 1 << 20, _time));
    }

    [Fact]
    public void Samples_without_their_numbers_belong_to_nobody()
    {
        using (var before = new SampleSpool(_folder.Path, 1 << 20, _time)) before.Append(Sample(0));
        File.Delete(Path.Combine(_folder.Path, "numbers"));

        using var after = new SampleSpool(_folder.Path, 1 << 20, _time);

        Assert.Empty(after.ReadAfter(0, 1 << 20));
    }

    [Fact]
    public void A_week_offline_stays_within_the_limit_its_older_part_at_an_even_resolution()
    {
        const int limit = 1 << 20;
        using var spool = new SampleSpool(_folder.Path, limit, _time);
        const int week = 7 * 24 * 360;
        for (var i = 0; i < week; i++) spool.Append(Sample(i));

        var kept = ReadAll(spool);

        Assert.InRange(spool.Bytes, limit / 4, limit);
        Assert.InRange(FilesBytes(), limit / 4, limit);
        Assert.Equal(0, kept[0].Devices[0].Reads);
        Assert.Equal(week - 1, kept[^1].Devices[0].Reads);
        var gaps = kept.Zip(kept.Skip(1)).Where(pair => pair.First.Sequence < week * 3 / 4).Select(pair => pair.Second.Sequence - pair.First.Sequence).ToArray();
        Assert.True(gaps.Max() <= 64 && gaps.Average() > gaps.Max() / 4.0, $"gaps of at most {gaps.Max()} samples, {gaps.Average():0} on average");
    }

    [Fact]
    public void The_last_sample_before_a_restart_of_the_node_and_the_first_after_it_are_never_folded_away()
    {
        using var spool = new SampleSpool(_folder.Path, 128 << 10, _time);
        for (var i = 0; i < 9_000; i++) spool.Append(Sample(i) with { BootId = $"boot-{i / 899}" });

        var kept = ReadAll(spool);

        for (var boot = 1; boot < 10; boot++)
        {
            Assert.Contains(kept, sample => sample.Sequence == boot * 899);
            Assert.Contains(kept, sample => sample.Sequence == (boot * 899) + 1);
        }
    }

    [Fact]
    public void A_node_that_starts_again_and_again_cannot_fill_the_disk()
    {
        using var spool = new SampleSpool(_folder.Path, 128 << 10, _time);
        for (var i = 0; i < 2_000; i++) spool.Append(Sample(i) with { BootId = $"boot-{i}" });

        Assert.InRange(FilesBytes(), 1, 128 << 10);
        Assert.Equal(1_999, ReadAll(spool)[^1].Devices[0].Reads);
    }

    [Fact]
    public void A_flipped_bit_costs_the_rest_of_its_segment_and_nothing_else()
    {
        using (var before = new SampleSpool(_folder.Path, 1 << 20, _time))
        {
            for (var i = 0; i < 1_000; i++) before.Append(Sample(i));
        }
        var oldest = Directory.EnumerateFiles(_folder.Path, "*.spool").Order(StringComparer.Ordinal).First();
        var bytes = File.ReadAllBytes(oldest);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(oldest, bytes);

        using var after = new SampleSpool(_folder.Path, 1 << 20, _time);
        var kept = ReadAll(after);

        Assert.InRange(kept.Length, 500, 999);
        Assert.Equal(999, kept[^1].Devices[0].Reads);
        Assert.Equal(kept.Select(sample => sample.Sequence).Order(), kept.Select(sample => sample.Sequence));
    }

    public void Dispose() => _folder.Dispose();

    internal static NodeSample Sample(long counter) =>
        new(0, DateTimeOffset.UnixEpoch.AddSeconds(counter), "boot", [new("8:0", "sda", counter, counter * 4096, 0, 0, 0, 0, 0, 0, 0)]);

    internal static ImmutableArray<NodeSample> ReadAll(SampleSpool spool)
    {
        var all = ImmutableArray.CreateBuilder<NodeSample>();
        while (spool.ReadAfter(all.Count == 0 ? 0 : all[^1].Sequence, 20_000) is { IsEmpty: false } batch) all.AddRange(batch);
        return all.DrainToImmutable();
    }

    private static IEnumerable<long> Sequences(ImmutableArray<NodeSample> samples) => samples.Select(sample => sample.Sequence);

    private long FilesBytes() => Directory.EnumerateFiles(_folder.Path, "*.spool").Sum(file => new FileInfo(file).Length);
}
