using System.Diagnostics;
using System.Globalization;

namespace Portal.Bench;

// Answers each line of its input with lines and a dot: the process that measures the portal does not share its time with thousands of agents.

/// <summary>Many light agents in one process.</summary>
internal sealed class AgentCrowd(List<CrowdAgent> agents, int batch) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _sampling = new(), _looking = new();
    private readonly List<TimeSpan> _fromMade = [], _fromHanded = [];
    private readonly Lock _gate = new();
    private Task _samplers = Task.CompletedTask;
    private Task _looker = Task.CompletedTask;

    /// <param name="folder">Holds a folder per agent, named after its node, with its token.</param>
    public static async Task ServeAsync(Uri portal, string folder, int batch)
    {
        var folders = Directory.GetDirectories(folder);
        await using var crowd = new AgentCrowd([.. folders.Select(one => new CrowdAgent(portal, Path.GetFileName(one), one))], batch);
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync() is { } line)
        {
            foreach (var answer in await crowd.AnswerAsync(line.Split(' '))) Console.WriteLine(answer);
            Console.WriteLine(".");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sampling.CancelAsync();
        await _samplers;
        await _looking.CancelAsync();
        await _looker;
        await Task.WhenAll(agents.Select(agent => agent.DisposeAsync().AsTask()));
        _sampling.Dispose();
        _looking.Dispose();
    }

    private async Task<string[]> AnswerAsync(string[] words)
    {
        switch (words)
        {
            case ["connected", var times]:
                var welcomes = int.Parse(times, CultureInfo.InvariantCulture);
                while (agents.Any(agent => agent.Welcomes < welcomes)) await Task.Delay(20);
                return [];
            case ["sample"]:
                Begin();
                return [];
            case ["measure", var seconds]:
                return await MeasureAsync(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
            case ["outages"]:
                return [new Samples("connection lost -> welcomed again", [.. agents.SelectMany(agent => agent.Outages)]).ToRow()];
            default:
                await _sampling.CancelAsync();
                await _samplers;
                while (agents.Any(agent => !agent.IsAllAcknowledged)) await Task.Delay(20);
                return [$"{agents.Sum(agent => agent.Made)}", $"{agents.Sum(agent => agent.Welcomes)}"];
        }
    }

    private void Begin()
    {
        var all = TimeSpan.FromSeconds(batch);
        _samplers = Task.WhenAll(agents.Select((agent, index) => agent.SampleAsync(all * index / agents.Count, batch, _sampling.Token)));
        _looker = LookAsync(_looking.Token);
    }

    private async Task<string[]> MeasureAsync(TimeSpan span)
    {
        lock (_gate)
        {
            _fromMade.Clear();
            _fromHanded.Clear();
        }
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(span);
        lock (_gate)
        {
            return
            [
                new Samples("sample made -> acknowledged", [.. _fromMade]).ToRow(),
                new Samples("sample given to the link -> acknowledged", [.. _fromHanded]).ToRow(),
                Figure.Line("samples acknowledged", _fromMade.Count / Stopwatch.GetElapsedTime(began).TotalSeconds, "a second"),
            ];
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        using var clock = new PeriodicTimer(LookEvery);
        try
        {
            while (await clock.WaitForNextTickAsync(cancel))
            {
                lock (_gate)
                {
                    foreach (var agent in agents) agent.Look(_fromMade, _fromHanded);
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // All is measured.
        }
    }
}
