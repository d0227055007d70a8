using System.Collections.Immutable;
using Portal.Core.TopoLvm.Scheduling;

namespace Portal.Pages.Scheduling;

/// <summary>topolvm-scheduler's options while somebody edits them, as form and as YAML; what others write meanwhile is put together with it.</summary>
public sealed class OptionsDraft
{
    private SchedulerOptionsFile _file = SchedulerOptionsFile.Parse("");

    /// <summary>What stood when the editing began: the ground of both changes.</summary>
    public string Before { get; private set; } = "";

    public string Text => _file.Text;

    public SchedulerOptions Options => _file.Options;

    public ImmutableArray<OptionsFileProblem> Problems => _file.Problems;

    /// <summary>Fields that both sides changed, after <see cref="PutOnTop"/>; mine stand.</summary>
    public ImmutableArray<string> Conflicts { get; private set; } = [];

    /// <summary>The form could not bring its last value into the YAML, or the changes could not be put together: a person must edit the text.</summary>
    public bool NeedsHand { get; private set; }

    public bool IsChanged => Text != Before;

    /// <summary>Whether somebody else has changed the file under this edit.</summary>
    public bool IsOvertaken(string live) => IsChanged && live != Before && live != Text;

    /// <summary>Takes what stands in the cluster, unless somebody is editing.</summary>
    public void Follow(string live)
    {
        if (live == Before) return;
        if (!IsChanged || live == Text) Reset(live);
    }

    public void Reset(string live)
    {
        (Before, Conflicts, NeedsHand) = (live, [], false);
        _file = SchedulerOptionsFile.Parse(live);
    }

    public void SetText(string text)
    {
        NeedsHand = false;
        // A browser sends line breaks in the form of its system.
        _file = SchedulerOptionsFile.Parse(text.Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    public void SetOptions(SchedulerOptions options)
    {
        var text = _file.With(options);
        NeedsHand = text is null;
        if (text is not null) _file = SchedulerOptionsFile.Parse(text);
    }

    /// <summary>Puts this edit on top of what stands now.</summary>
    public void PutOnTop(string live)
    {
        var theirs = SchedulerOptionsFile.Parse(live);
        var merge = OptionsMerge.Of(SchedulerOptionsFile.Parse(Before).Options, theirs.Options, Options);
        var text = Problems.IsEmpty ? theirs.With(merge.Options) : null;
        (Before, Conflicts, NeedsHand) = (live, merge.Conflicts, text is null);
        if (text is not null) _file = SchedulerOptionsFile.Parse(text);
    }
}
