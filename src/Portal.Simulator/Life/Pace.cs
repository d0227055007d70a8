namespace Portal.Simulator.Life;

/// <summary>How long things take in the simulated cluster.</summary>
public sealed record Pace
{
    /// <summary>Long enough to be watched: an install takes some ten seconds.</summary>
    public static readonly Pace Demo = new();

    /// <summary>As fast as the API server answers: for tests.</summary>
    public static readonly Pace Instant = new()
    {
        Scheduling = TimeSpan.Zero,
        PodStart = TimeSpan.Zero,
        Readiness = TimeSpan.Zero,
        PodStop = TimeSpan.Zero,
        JobRun = TimeSpan.Zero,
        Storage = TimeSpan.Zero,
        NodeGrace = TimeSpan.Zero,
        BackOff = TimeSpan.FromMilliseconds(100),
        LongestBackOff = TimeSpan.FromSeconds(1),
    };

    /// <summary>From a pod's creation to its node.</summary>
    public TimeSpan Scheduling { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Pulling the image and starting the containers.</summary>
    public TimeSpan PodStart { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>From the start of a container with a readiness probe to Ready.</summary>
    public TimeSpan Readiness { get; init; } = TimeSpan.FromMilliseconds(1000);

    /// <summary>From the request to delete a pod to its end.</summary>
    public TimeSpan PodStop { get; init; } = TimeSpan.FromMilliseconds(1000);

    /// <summary>How long the containers of a pod that is not restarted run.</summary>
    public TimeSpan JobRun { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Making, growing and removing a logical volume.</summary>
    public TimeSpan Storage { get; init; } = TimeSpan.FromMilliseconds(700);

    /// <summary>How long a node may be silent before nothing is said to be known of it.</summary>
    public TimeSpan NodeGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Until the first new attempt after a failure; it doubles with each further one.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after a number of failures in a row.</summary>
    public TimeSpan BackOffAfter(int failures)
    {
        var wait = BackOff * Math.Pow(2, Math.Clamp(failures - 1, 0, 20));
        return wait < LongestBackOff ? wait : LongestBackOff;
    }
}
