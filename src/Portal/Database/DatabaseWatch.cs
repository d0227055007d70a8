namespace Portal.Database;

/// <summary>Opens the database before anything reads it; then asks every few seconds whether it is still there and this portal's, and ends the portal when
/// another one has taken over.</summary>
internal sealed partial class DatabaseWatch(PortalDatabase database, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DatabaseWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await database.OpenAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var logged = database.Live.Subscribe(Log);
        try
        {
            while (true)
            {
                await Task.Delay(Every, time, stoppingToken);
                await database.CheckAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal closes.
        }
        catch (DatabaseUnusableException lost)
        {
            LogLost(lost.Problem.English);
            lifetime.StopApplication();
        }
    }

    private string? _last;

    private void Log()
    {
        var problem = database.Live.Current.Problem?.English;
        if (problem == Interlocked.Exchange(ref _last, problem)) return;
        if (problem is null) LogBack(database.Address.Shown);
        else LogProblem(problem);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database {Where} can be worked with again")]
    private partial void LogBack(string where);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Problem}")]
    private partial void LogLost(string problem);
}
