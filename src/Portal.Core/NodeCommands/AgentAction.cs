using System.Text.Json.Serialization;

namespace Portal.Core.NodeCommands;

/// <summary>What the agent does itself because no program does it safely: wholly or not at all. When a later step fails, the agent undoes it by
/// itself.</summary>
[JsonDerivedType(typeof(MakeLoopFile), "makeLoopFile")]
[JsonDerivedType(typeof(DeleteLoopFile), "deleteLoopFile")]
[JsonDerivedType(typeof(ReplaceFile), "replaceFile")]
[JsonDerivedType(typeof(RestartScheduler), "restartScheduler")]
public abstract record AgentAction;

/// <summary>Makes a new file and allocates all of its space; fails where a file of that name is. From then on the agent keeps a loop device on it.
/// Undone by deleting it.</summary>
public sealed record MakeLoopFile(string Path, long SizeBytes) : AgentAction;

/// <summary>Deletes the file of a loop device, and no longer keeps a loop device on it. It is the last step of its plan: nothing undoes it.</summary>
public sealed record DeleteLoopFile(string Path) : AgentAction;

/// <summary>Writes a file beside the old one (under a name that begins with a dot, which the kubelet does not read), syncs it and puts it in the old
/// one's place. Undone by putting the old one back, or by deleting the new one where there was none.</summary>
/// <param name="BackupPath">Where the old file is kept; null where there is no old file.</param>
public sealed record ReplaceFile(string Path, string Content, string? BackupPath) : AgentAction;

/// <summary>Sees kube-scheduler started anew and healthy with what was just written; fails when it does not come back. Undone, after the file has
/// been put back, by starting it anew once more.</summary>
/// <param name="ByKubelet">The kubelet starts it anew by itself, because its manifest was written; else the agent ends its process.</param>
public sealed record RestartScheduler(bool ByKubelet) : AgentAction;
