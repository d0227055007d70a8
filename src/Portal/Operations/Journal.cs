using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Operations;
using Portal.Core.Texts;
using Portal.Database;

namespace Portal.Operations;

/// <summary>What operations did, on disk: each line is written before the effect it names.</summary>
public sealed class Journal(IDbContextFactory<PortalDb> databases)
{
    /// <summary>The latest operations with their steps and effects; one that still says Running was cut off and becomes Interrupted.</summary>
    public async Task<OperationsState> LoadAsync(int count, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var running = nameof(OperationState.Running);
        await database.Operations.Where(row => row.State == running)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.State, nameof(OperationState.Interrupted)), cancel);
        var rows = await database.Operations.AsNoTracking().OrderByDescending(row => row.Id).Take(count).Include(row => row.Steps).ToListAsync(cancel);
        var ids = rows.ConvertAll(row => row.Id);
        var effects = await database.Effects.AsNoTracking().Where(row => ids.Contains(row.OperationId)).OrderBy(row => row.Id).ToListAsync(cancel);
        var byStep = effects.ToLookup(row => (row.OperationId, row.StepId), row => new Effect(row.At, row.Text));
        return new([.. rows.Select(row => Read(row, byStep))]);
    }

    /// <summary>Writes a new operation and its steps, and gives it its id.</summary>
    public async Task<OperationRecord> BeginAsync(Operation operation, OperationRecord record, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var row = new OperationRow
        {
            Kind = operation.Kind,
            Title = Write(record.Title),
            Parameters = operation.ToJson(),
            StartedBy = record.StartedBy,
            State = record.State.ToString(),
            StartedAt = record.StartedAt,
            Steps = [.. record.Steps.Select(RowOf)],
        };
        database.Operations.Add(row);
        await database.SaveChangesAsync(cancel);
        return record with { Id = row.Id };
    }

    /// <summary>What a resumed operation is made from.</summary>
    public async Task<string> ParametersAsync(long id, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.Operations.Where(row => row.Id == id).Select(row => row.Parameters).SingleAsync(cancel);
    }

    /// <summary>Writes the state of an operation and of all its steps; used when it starts again and when it ends.</summary>
    public async Task SaveAsync(OperationRecord record, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var row = await database.Operations.Include(operation => operation.Steps).SingleAsync(operation => operation.Id == record.Id, cancel);
        row.State = record.State.ToString();
        row.FinishedAt = record.FinishedAt;
        row.Problem = record.Problem is { } problem ? Write(problem) : null;
        if (!row.Steps.OrderBy(step => step.Ordinal).Select(step => step.StepId).SequenceEqual(record.Steps.Select(step => step.Id)))
        {
            // The cluster has changed since the first try, and the plan with it.
            row.Steps.Clear();
            await database.SaveChangesAsync(cancel);
            row.Steps.AddRange(record.Steps.Select(RowOf));
        }
        else
        {
            foreach (var step in row.Steps) Fill(step, record.Steps[step.Ordinal]);
        }
        await database.SaveChangesAsync(cancel);
    }

    /// <summary>Writes the state of one step.</summary>
    public async Task SaveStepAsync(long operationId, int ordinal, StepRecord step, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        var row = await database.Steps.SingleAsync(row => row.OperationId == operationId && row.Ordinal == ordinal, cancel);
        Fill(row, step);
        await database.SaveChangesAsync(cancel);
    }

    public async Task AddEffectAsync(long operationId, string stepId, Effect effect, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        database.Effects.Add(new EffectRow { OperationId = operationId, StepId = stepId, At = effect.At, Text = effect.Text });
        await database.SaveChangesAsync(cancel);
    }

    private static StepRow RowOf(StepRecord step, int ordinal)
    {
        var row = new StepRow { Ordinal = ordinal, StepId = step.Id, Title = Write(step.Title), State = "" };
        Fill(row, step);
        return row;
    }

    private static void Fill(StepRow row, StepRecord step)
    {
        row.State = step.State.ToString();
        row.Report = step.Report is { } report ? Write(report) : null;
        row.StartedAt = step.StartedAt;
        row.FinishedAt = step.FinishedAt;
    }

    private static OperationRecord Read(OperationRow row, ILookup<(long, string), Effect> effects) =>
        new(row.Id, row.Kind, ReadMessage(row.Title), row.StartedBy, row.StartedAt, Enum.Parse<OperationState>(row.State),
            [.. row.Steps.OrderBy(step => step.Ordinal).Select(step => Read(step, effects[(row.Id, step.StepId)]))])
        {
            FinishedAt = row.FinishedAt,
            Problem = row.Problem is null ? null : ReadMessage(row.Problem),
        };

    private static StepRecord Read(StepRow row, IEnumerable<Effect> effects)
    {
        var step = new StepRecord(row.StepId, ReadMessage(row.Title), Enum.Parse<StepState>(row.State))
        {
            Report = row.Report is null ? null : ReadMessage(row.Report),
            StartedAt = row.StartedAt,
            FinishedAt = row.FinishedAt,
            Effects = [.. effects],
        };
        // Nothing runs yet when the journal is read: the portal ended in the middle of this step.
        return step.State == StepState.Running ? step with { State = StepState.Waiting, Report = OperationTexts.CutOff } : step;
    }

    private static string Write(Message message) => JsonSerializer.Serialize(message);

    private static Message ReadMessage(string json) => JsonSerializer.Deserialize<Message>(json)!;
}
