using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Portal.Components.Lists;

public sealed partial class ListTable<TRow>
{
    private ListView _view = new();
    private ImmutableArray<TRow> _rows;
    private ImmutableArray<TRow> _shown = [];
    private ImmutableArray<TRow> _selected = [];
    private IReadOnlyList<ListColumn<TRow>> _columns = [];
    private bool _isStale = true;
    private bool _isAllSelected;
    private string? _shownAt;

    /// <summary>What the list is called.</summary>
    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required ImmutableArray<TRow> Rows { get; set; }

    /// <summary>What tells a row from all others, without commas.</summary>
    [Parameter, EditorRequired]
    public required Func<TRow, string> Key { get; set; }

    /// <summary>The first one names the row and always shows.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<ListColumn<TRow>> Columns { get; set; }

    /// <summary>What to say, and where to go, when there is no row at all.</summary>
    [Parameter, EditorRequired]
    public required string Empty { get; set; }

    [Parameter]
    public IReadOnlyList<ListFilter<TRow>> Filters { get; set; } = [];

    /// <summary>Buttons for the rows that a person has selected; null lets none be selected.</summary>
    [Parameter]
    public RenderFragment<ImmutableArray<TRow>>? Selection { get; set; }

    /// <summary>Pixels of an ordinary row, for the length of the scroll bar.</summary>
    [Parameter]
    public float RowHeight { get; set; } = 41;

    private IEnumerable<string> FilterIds => Filters.Select(filter => filter.Id);

    protected override void OnInitialized() => Navigation.LocationChanged += Look;

    protected override void OnParametersSet()
    {
        if (_isStale) Read();
        else if (_rows != Rows) Arrange();
    }

    public void Dispose() => Navigation.LocationChanged -= Look;

    private void Look(object? sender, LocationChangedEventArgs change)
    {
        // The list's own change of the URL is shown already: thousands of rows are not searched twice.
        if (change.Location == _shownAt) return;
        _shownAt = null;
        Read();
        StateHasChanged();
    }

    private void Read()
    {
        var read = ListView.Read(Navigation.Uri, FilterIds);
        // A selection too long for the URL is kept here alone.
        _view = read.Selected.IsEmpty && !_isStale && _view.ToQuery([])["selected"] is null ? read with { Selected = _view.Selected } : read;
        _isStale = false;
        Arrange();
    }

    private void Arrange()
    {
        _rows = Rows;
        // The same array while the same columns show: rows that have not changed are not rendered again.
        var columns = _view.Shown(Columns);
        if (!_columns.SequenceEqual(columns)) _columns = columns;
        _shown = ListRows.Shown(Rows, Columns, Filters, _view);
        _isAllSelected = _shown.Length > 0 && _shown.All(IsSelected);
        _selected = _view.Selected.IsEmpty ? [] : [.. Rows.Where(IsSelected)];
    }

    private void Show(ListView view)
    {
        _view = view;
        Arrange();
        _shownAt = Navigation.GetUriWithQueryParameters(view.ToQuery(FilterIds));
        Navigation.NavigateTo(_shownAt, replace: true);
        // A row's own event renders the row alone, and a page without parameters is not rendered when the address changes.
        StateHasChanged();
    }

    private bool IsShown(ListColumn<TRow> column) => _columns.Contains(column);

    private void ShowColumn(ListColumn<TRow> column, bool isShown) => Show(_view with
    {
        Columns = [.. Columns.Where((one, at) => at == 0 || (one == column ? isShown : IsShown(one))).Select(one => one.Id)],
    });

    private void Choose(ListFilter<TRow> filter, string? value) => Show(_view with
    {
        Filters = string.IsNullOrEmpty(value) ? _view.Filters.Remove(filter.Id) : _view.Filters.SetItem(filter.Id, value),
    });

    private void SortBy(ListColumn<TRow> column) => Show(_view with
    {
        Sort = column.Id,
        Descending = _view.Sort == column.Id ? !_view.Descending : column.GreatestFirst,
    });

    private string? SortOf(ListColumn<TRow> column) => column.Id != _view.Sort ? null : _view.Descending ? "descending" : "ascending";

    private bool IsSelected(TRow row) => _view.Selected.Contains(Key(row));

    private void Select(TRow row, bool isSelected) => Show(_view with
    {
        Selected = isSelected ? _view.Selected.Add(Key(row)) : _view.Selected.Remove(Key(row)),
    });

    private void SelectAll(bool areSelected) => Show(_view with { Selected = areSelected ? [.. _shown.Select(Key)] : [] });

    private Task DownloadAsync() => Download.SaveAsync(
        string.Create(CultureInfo.InvariantCulture, $"{Title.ToLowerInvariant().Replace(' ', '-')}.csv"), "text/csv", CsvText.Of(_shown, _columns));
}
