using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Agent.Files;
using Portal.Agent.Node;

namespace Portal.Agent.Loops;

/// <summary>The files that the agent keeps loop devices on: all in one folder, and written down, so that a file that got lost is missed. Only
/// commands change them, one at a time.</summary>
public sealed partial class LoopFiles(AgentOptions options)
{
    private string RecordFile => Path.Combine(options.HostRoot + options.StateDirectory, "loop-devices.json");

    /// <summary>Paths on the host, in order.</summary>
    /// <exception cref="IOException">The record cannot be read.</exception>
    public async Task<ImmutableArray<string>> ReadAsync(CancellationToken cancel)
    {
        if (!File.Exists(RecordFile)) return [];
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllTextAsync(RecordFile, cancel), AgentJson.Default.ImmutableArrayString);
        }
        catch (JsonException damaged)
        {
            throw new IOException($"{RecordFile} is damaged: {damaged.Message}", damaged);
        }
    }

    public Task AddAsync(string path, CancellationToken cancel) => ChangeAsync(paths => [.. paths.Append(path).Distinct().Order(StringComparer.Ordinal)], cancel);

    public Task RemoveAsync(string path, CancellationToken cancel) => ChangeAsync(paths => paths.Remove(path), cancel);

    /// <summary>Where the file is seen from here.</summary>
    /// <exception cref="NodeActionException">It does not lie directly in the allowed folder, or has no plain name.</exception>
    public string Seen(string path)
    {
        var folder = options.LoopDirectory.TrimEnd('/');
        if (Path.GetDirectoryName(path) != folder || !PlainName().IsMatch(Path.GetFileName(path)))
            throw new NodeActionException($"{path} is not touched: files of loop devices lie in {folder} and have plain names.");
        if (new FileInfo(options.HostRoot + folder).LinkTarget is not null) throw new NodeActionException($"{folder} is a link, and must be a folder.");
        var seen = options.HostRoot + path;
        if (new FileInfo(seen).LinkTarget is not null) throw new NodeActionException($"{path} is a link, and must be a file.");
        return seen;
    }

    private async Task ChangeAsync(Func<ImmutableArray<string>, ImmutableArray<string>> change, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(RecordFile)!);
        var json = JsonSerializer.Serialize(change(await ReadAsync(cancel)), AgentJson.Default.ImmutableArrayString);
        await AtomicFile.WriteAsync(RecordFile, json, cancel);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex PlainName();
}
