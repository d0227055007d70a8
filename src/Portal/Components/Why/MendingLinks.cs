using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm.Diagnosis;

namespace Portal.Components.Why;

/// <summary>Where the pages are on which a cause can be mended, and on which an object is shown.</summary>
public static class MendingLinks
{
    private static readonly FrozenSet<string> Routes = typeof(MendingLinks).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => Shape(route.Template)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null for a place whose page this portal does not have.</summary>
    public static string? To(MendingPlace place) => place switch
    {
        { Page: MendingPage.Overview } => "/",
        { Page: MendingPage.Install } => "/install",
        { Page: MendingPage.Node, Of: { } node } => Existing("/nodes", node.Name) ?? Existing("/nodes"),
        { Page: MendingPage.Nodes or MendingPage.Node } => Existing("/nodes"),
        { Page: MendingPage.DeviceClasses } => Existing("/device-classes"),
        { Page: MendingPage.Volume, Of: { Namespace: { } ns } claim } => Existing("/volumes", ns, claim.Name) ?? Existing("/volumes"),
        { Page: MendingPage.Volumes or MendingPage.Volume } => Existing("/volumes"),
        { Page: MendingPage.Scheduling } => Existing("/scheduling"),
        _ => null,
    };

    /// <summary>The answer to "why?" about an object.</summary>
    public static string Why(Subject subject)
    {
        var ns = subject.Name.Namespace is { } space ? "&namespace=" + Uri.EscapeDataString(space) : "";
        return $"/why?kind={subject.Kind.ToString().ToLowerInvariant()}{ns}&name={Uri.EscapeDataString(subject.Name.Name)}";
    }

    /// <summary>The object that an address asks about; null where it asks about none.</summary>
    public static Subject? Read(string? kind, string? ns, string? name) =>
        Enum.TryParse<SubjectKind>(kind, ignoreCase: true, out var found) && Enum.IsDefined(found) && !string.IsNullOrWhiteSpace(name)
            ? new(found, new ObjectName(found is SubjectKind.Pod or SubjectKind.Claim ? string.IsNullOrWhiteSpace(ns) ? "default" : ns.Trim() : null, name.Trim())) : null;

    private static string? Existing(string page, params ReadOnlySpan<string> parts)
    {
        var shape = page + string.Concat(Enumerable.Repeat("/{}", parts.Length));
        if (!Routes.Contains(shape)) return null;
        var path = page;
        foreach (var part in parts) path += "/" + Uri.EscapeDataString(part);
        return path;
    }

    private static string Shape(string template) => string.Join('/', template.Split('/').Select(part => part.StartsWith('{') ? "{}" : part));
}
