using System.Collections.Immutable;
using CsCheck;
using Microsoft.AspNetCore.WebUtilities;
using Portal.Components.Lists;

namespace Portal.Tests.Portal.Components.Lists;

public sealed class ListTests
{
    private static readonly ImmutableArray<Item> Items = [new("beta", 20, "x"), new("alpha", 3, "y"), new("gamma", null, "x")];

    private static readonly ListColumn<Item>[] Columns =
    [
        new("name", "Name", item => item.Name),
        new("size", "Size", item => item.Size + " GiB") { SortBy = item => item.Size, IsNumber = true },
        new("kind", "Kind", item => item.Kind),
    ];

    private static readonly ListFilter<Item>[] Filters = [new("kind", "Kind", [("x", "X"), ("y", "Y")], (item, value) => item.Kind == value)];

    [Fact]
    public void A_list_keeps_its_own_order_until_a_column_is_chosen() => Assert.Equal("beta alpha gamma", Shown(new()));

    [Fact]
    public void Rows_are_sorted_by_value_and_those_without_one_come_last_both_ways()
    {
        Assert.Equal("alpha beta gamma", Shown(new() { Sort = "size" }));
        Assert.Equal("beta alpha gamma", Shown(new() { Sort = "size", Descending = true }));
    }

    [Fact]
    public void Every_word_searched_for_must_stand_in_some_column()
    {
        Assert.Equal("beta", Shown(new() { Search = "X BET" }));
        Assert.Equal("", Shown(new() { Search = "beta y" }));
    }

    [Fact]
    public void Digits_of_a_size_are_not_taken_for_a_name() => Assert.Equal("", Shown(new() { Search = "20" }));

    [Fact]
    public void A_word_is_not_found_across_two_columns() => Assert.Equal("", Shown(new() { Search = "alphay" }));

    [Fact]
    public void A_filter_and_a_search_are_met_together() =>
        Assert.Equal("gamma", Shown(new() { Search = "a", Filters = ImmutableDictionary<string, string>.Empty.Add("kind", "x"), Sort = "name", Descending = true }).Split(' ')[0]);

    [Fact]
    public void Whatever_a_person_looks_at_comes_back_from_its_url()
    {
        var name = Gen.String[Gen.Char.AlphaNumeric, 1, 8];
        var views = from search in Gen.String
            from sort in name
            from isDescending in Gen.Bool
            from columns in name.Array[0, 4]
            from selected in name.Array[0, 4]
            from kind in Gen.String
            select new ListView
            {
                Search = search,
                Sort = sort,
                Descending = isDescending,
                Columns = [.. columns],
                Selected = [.. selected],
                Filters = kind.Length == 0 ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add("kind", kind),
            };

        views.Sample(view =>
        {
            var query = view.ToQuery(["kind"]).Where(parameter => parameter.Value is not null).ToDictionary(parameter => parameter.Key, parameter => (string?)parameter.Value);
            var read = ListView.Read(QueryHelpers.AddQueryString("http://portal/volumes", query), ["kind"]);
            Assert.Equal((view.Search, view.Sort, view.Descending), (read.Search, read.Sort, read.Descending));
            Assert.Equal(view.Columns.AsEnumerable(), read.Columns);
            Assert.True(view.Selected.SetEquals(read.Selected));
            Assert.Equal(view.Filters.OrderBy(filter => filter.Key), read.Filters.OrderBy(filter => filter.Key));
        });
    }

    [Fact]
    public void A_spreadsheet_reads_every_cell_as_text()
    {
        var csv = CsvText.Of([new Item("a,b", 1, ""), new Item("=1+1", 2, ""), new Item("say \"hi\"", 3, "")], Columns);

        Assert.Equal("\uFEFFName,Size,Kind\r\n\"a,b\",1 GiB,\r\n'=1+1,2 GiB,\r\n\"say \"\"hi\"\"\",3 GiB,\r\n", csv);
    }

    private static string Shown(ListView view) => string.Join(' ', ListRows.Shown(Items, Columns, Filters, view).Select(item => item.Name));

    private sealed record Item(string Name, int? Size, string Kind);
}
