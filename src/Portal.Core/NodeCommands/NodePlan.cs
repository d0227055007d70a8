using System.Collections.Immutable;
using Portal.Core.Texts;

namespace Portal.Core.NodeCommands;

/// <summary>What a command will do on its node, or why it will not be done.</summary>
/// <param name="Fingerprint">A hash of everything the plan was made from; execution is refused when it has changed.</param>
public sealed record NodePlan(NodeCommand Command, string Fingerprint)
{
    /// <summary>Why it is refused; empty when it may be done.</summary>
    public ImmutableArray<Message> Refusals { get; init; } = [];

    /// <summary>Programs in order; empty when nothing is left to do, or when it is refused.</summary>
    public ImmutableArray<NodeStep> Steps { get; init; } = [];

    /// <summary>What will be lost for good: signatures that are erased, data on lost disks.</summary>
    public ImmutableArray<Message> Destroys { get; init; } = [];

    /// <summary>What the person should know, and nothing forbids.</summary>
    public ImmutableArray<Message> Warnings { get; init; } = [];

    /// <summary>What a person types before it is done: the group's or the device's name.</summary>
    public string Confirmation { get; init; } = "";

    public bool IsRefused => !Refusals.IsEmpty;
}

/// <summary>One program of a plan, or one thing that the agent does itself.</summary>
/// <param name="Words">The program and its arguments, as they are given to the kernel: no shell reads them. Where there is an action, what a person
/// would type in its stead.</param>
public sealed record NodeStep(Message Title, ImmutableArray<string> Words)
{
    /// <summary>Done by the agent in place of the words; null for a program.</summary>
    public AgentAction? Action { get; init; }

    /// <summary>What undoes it when a later step fails; null where nothing can or need, and for actions, which undo themselves.</summary>
    public ImmutableArray<string>? Undo { get; init; }

    /// <summary>The program tells its progress in percent, as pvmove does.</summary>
    public bool HasProgress { get; init; }

    /// <summary>As a person would type it.</summary>
    public string CommandLine => string.Join(' ', Words.Select(Quoted));

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=:,+@%".Contains(letter)) ? word : $"'{word.Replace("'", @"'\''")}'";
}
