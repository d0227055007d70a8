using System.Globalization;
using Portal.Core.TopoLvm.Volumes;

namespace Portal.Tests.Core.TopoLvm.Volumes;

public sealed class KubeletTurnsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);
    private static readonly string[] Two = ["edge-1", "edge-2"];

    private readonly KubeletTurns _turns = new();

    [Fact]
    public void A_kubelet_that_answers_is_asked_each_minute()
    {
        Assert.Equal(Two, _turns.Due(Two, Start));
        _turns.Answered("edge-1", Start);
        _turns.Answered("edge-2", Start.AddSeconds(20));

        Assert.Empty(_turns.Due(Two, Start.AddSeconds(59)));
        Assert.Equal(["edge-1"], _turns.Due(Two, Start.AddSeconds(60)));
        Assert.Equal(Two, _turns.Due(Two, Start.AddSeconds(80)));
    }

    [Fact]
    public void One_that_does_not_answer_is_asked_less_and_less_often()
    {
        var now = Start;
        for (var tries = 0; tries < 12; tries++)
        {
            _turns.Failed("edge-1", now);
            Assert.Empty(_turns.Due(["edge-1"], now.AddSeconds(29)));
            while (_turns.Due(["edge-1"], now).IsEmpty) now = now.AddSeconds(1);
        }

        Assert.InRange((now - Start).TotalMinutes, 40, 120);
    }

    [Fact]
    public void Without_the_right_nobody_is_asked_until_a_minute_later()
    {
        _turns.Refused(Start);

        Assert.Empty(_turns.Due(Two, Start.AddSeconds(59)));
        Assert.Equal(Two, _turns.Due(Two, Start.AddSeconds(60)));
    }

    [Fact]
    public void Of_thousands_each_gets_its_turn_however_few_are_asked_at_once()
    {
        string[] nodes = [.. Enumerable.Range(0, 5000).Select(number => "edge-" + number.ToString("0000", CultureInfo.InvariantCulture))];
        var asked = new HashSet<string>();

        for (var round = 0; asked.Count < nodes.Length; round++)
        {
            Assert.True(round < 60, "Some nodes are never asked.");
            var due = _turns.Due(nodes, Start.AddSeconds(round * 5));
            Assert.InRange(due.Length, 1, KubeletTurns.MostInRound);
            foreach (var node in due) _turns.Answered(node, Start.AddSeconds(round * 5));
            asked.UnionWith(due);
        }
    }

    [Fact]
    public void A_node_that_comes_back_is_asked_at_once()
    {
        _turns.Answered("edge-1", Start);
        Assert.Empty(_turns.Due([], Start.AddSeconds(1)));

        Assert.Equal(["edge-1"], _turns.Due(["edge-1"], Start.AddSeconds(2)));
    }
}
