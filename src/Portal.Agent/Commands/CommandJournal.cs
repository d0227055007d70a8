using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Agent.Files;

namespace Portal.Agent.Commands;

/// <summary>Remembers commands in a folder, a file each, through every kind of end: what is in it was written wholly, and synced.</summary>
public sealed class CommandJournal
{
    /// <summary>As many are remembered after they have ended and the portal knows.</summary>
    public const int Kept = 200;

    private const string Told = ".told";

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, CommandRecord> _records = new();

    private CommandJournal(string folder) => _folder = folder;

    /// <summary>In the order in which they were accepted.</summary>
    public ImmutableArray<CommandRecord> Records => [.. _records.Values.OrderBy(record => record.AcceptedAt)];

    /// <exception cref="IOException">A record cannot be read: nothing may be done, because it might be done twice.</exception>
    public static async Task<CommandJournal> LoadAsync(string folder, CancellationToken cancel)
    {
        var journal = new CommandJournal(Directory.CreateDirectory(folder).FullName);
        foreach (var file in Directory.GetFiles(folder, "*.json"))
        {
            // Unfinished ones have names that begin with a dot.
            if (Path.GetFileName(file).StartsWith('.')) continue;
            journal.Add(file, await File.ReadAllBytesAsync(file, cancel));
        }
        journal.Prune();
        return journal;
    }

    public CommandRecord? Find(string operationId) => _records.GetValueOrDefault(operationId);

    public async Task WriteAsync(CommandRecord record, CancellationToken cancel)
    {
        await AtomicFile.WriteAsync(FileOf(record.OperationId), JsonSerializer.SerializeToUtf8Bytes(record, AgentJson.Default.CommandRecord), cancel);
        _records[record.OperationId] = record;
    }

    /// <summary>The portal knows how the command ended.</summary>
    public void MarkTold(string operationId) => File.WriteAllBytes(FileOf(operationId) + Told, []);

    public bool IsTold(string operationId) => File.Exists(FileOf(operationId) + Told);

    private void Add(string file, byte[] json)
    {
        try
        {
            var record = JsonSerializer.Deserialize(json, AgentJson.Default.CommandRecord) ?? throw new JsonException("it is empty");
            _records[record.OperationId] = record;
        }
        catch (JsonException damaged)
        {
            throw new IOException($"The record {file} is damaged: {damaged.Message} Look at the node, then move the file away.", damaged);
        }
    }

    private void Prune()
    {
        foreach (var old in Records.Where(record => record.HasEnded && IsTold(record.OperationId)).SkipLast(Kept))
        {
            File.Delete(FileOf(old.OperationId));
            File.Delete(FileOf(old.OperationId) + Told);
            _records.TryRemove(old.OperationId, out _);
        }
    }

    // An operation id comes from elsewhere: it names no file by itself.
    private string FileOf(string operationId) =>
        Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(operationId)))[..32] + ".json");
}
