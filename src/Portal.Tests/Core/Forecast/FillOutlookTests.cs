using CsCheck;
using Portal.Core.Forecast;

namespace Portal.Tests.Core.Forecast;

public sealed class FillOutlookTests
{
    [Fact]
    public void What_is_expected_begins_where_the_past_ends_and_is_full_on_the_day_of_the_forecast()
    {
        var outlook = new GivenTrace { Level = 60, PerDay = 4, Noise = .5 }.Outlook();

        var expected = outlook.Expected();

        Assert.Equal(outlook.Latest!.Value.At, expected[0].At);
        Assert.Equal(outlook.Latest.Value.Average, expected[0].Average, 1.0);
        Assert.All(expected, point => Assert.Equal(point.Time >= outlook.Forecast.FullAt, point.Average >= GivenTrace.Limit));
        Assert.InRange(expected[^1].Time, outlook.Forecast.FullAt!.Value, outlook.Forecast.FullAt.Value.AddDays(30));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-2, 0.2)]
    [InlineData(0.01, 0)]
    public void Where_nobody_knows_when_it_is_full_nothing_is_drawn_ahead(double perDay, double noise) =>
        Assert.Empty(new GivenTrace { PerDay = perDay, Noise = noise }.Outlook().Expected());

    [Fact]
    public void A_picture_of_a_short_past_does_not_show_years()
    {
        var outlook = new GivenTrace { Days = 6, Level = 10, PerDay = .5 }.Outlook();

        Assert.Equal(FillTrend.Filling, outlook.Forecast.Trend);
        Assert.InRange(outlook.Expected()[^1].Time - GivenTrace.Now, TimeSpan.FromDays(11), TimeSpan.FromDays(12.1));
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(24, true)]
    public void Of_a_past_of_a_few_points_no_picture_is_made(int hours, bool isDrawn) =>
        Assert.Equal(isDrawn, new GivenTrace { Days = hours / 24.0, PerDay = 4 }.Outlook().IsDrawable);

    [Fact]
    public void The_line_lies_in_its_band_and_the_band_widens() =>
        Gen.Select(Gen.Double[.2, 8], Gen.Double[0, 1], Gen.Double[5, 90], Gen.Int[1, 1000]).Sample((perDay, noise, level, seed) =>
        {
            var expected = new GivenTrace { Level = level, PerDay = perDay, Noise = noise, Seed = seed }.Outlook().Expected();
            var width = 0.0;
            foreach (var point in expected)
            {
                Assert.True(point.Min <= point.Average && point.Average <= point.Max && point.Max <= GivenTrace.Limit);
                if (point.Max < GivenTrace.Limit) Assert.True(point.Max - point.Min >= width);
                if (point.Max < GivenTrace.Limit) width = point.Max - point.Min;
            }
        }, iter: 60);
}
