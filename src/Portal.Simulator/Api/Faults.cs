using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Portal.Simulator.Api;

/// <summary>One request the server got.</summary>
public sealed record LoggedRequest(string Method, string Path, string Query, string User);

/// <summary>What goes wrong on demand, and the log of what was asked.</summary>
public sealed class Faults(ObjectStore store, TimeProvider time)
{
    private readonly Lock _change = new();
    private ImmutableList<Fault> _faults = [];
    private ImmutableList<LoggedRequest> _log = [];
    private TaskCompletionSource? _pause;

    /// <summary>The requests so far, the oldest first; the newest 1,000 are kept.</summary>
    public IReadOnlyList<LoggedRequest> Log => _log;

    /// <summary>Forgets the history, so that the next watch or continue token from before is answered 410.</summary>
    public void Compact() => store.Compact();

    /// <summary>Ends every open watch in the middle of its stream, as a lost connection does.</summary>
    public void CutWatches() => CutWatches(_ => true);

    /// <summary>Ends the open watches on resources such as "pods" or "deployments.apps".</summary>
    public void CutWatches(Func<string, bool> ofResource)
    {
        foreach (var watch in store.Watches(ofResource)) watch.Cut(null);
    }

    /// <summary>Sends a line that is no event on every open watch, and ends it.</summary>
    public void GarbleWatches(string line = "{\"type\":\"ADDED\",\"object\":")
    {
        foreach (var watch in store.Watches(_ => true)) watch.Cut(line);
    }

    /// <summary>Refuses the next requests that match, by method and path: 429 carries Retry-After.</summary>
    /// <param name="retryAfter">Whole seconds; null sends none.</param>
    public void Refuse(int count, int code, Func<string, string, bool>? matching = null, TimeSpan? retryAfter = null) =>
        Add(new(count, matching, code, retryAfter, null));

    /// <summary>Answers the next requests that match only after a delay of the server's clock.</summary>
    public void Delay(int count, TimeSpan delay, Func<string, string, bool>? matching = null) => Add(new(count, matching, 0, null, delay));

    /// <summary>Lets every request wait until the result is disposed: a server that no longer answers.</summary>
    public IDisposable Pause()
    {
        var pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pause = pause;
        return new Resume(() =>
        {
            _pause = null;
            pause.TrySetResult();
        });
    }

    internal void Note(LoggedRequest request)
    {
        lock (_change) _log = _log.Count < 1000 ? _log.Add(request) : _log.RemoveAt(0).Add(request);
    }

    internal async Task MeetAsync(HttpContext http)
    {
        if (_pause is { } pause) await pause.Task.WaitAsync(http.RequestAborted);
        if (Take(http.Request.Method, http.Request.Path.Value ?? "") is not { } fault) return;
        if (fault.Wait is { } delay) await Task.Delay(delay, time, http.RequestAborted);
        if (fault.Code == 0) return;
        var seconds = fault.RetryAfter is { } after ? (int?)after.TotalSeconds : null;
        throw fault.Code switch
        {
            429 => new RefusalException(429, "TooManyRequests", "Too many requests, please try again later.", seconds is null ? [] : new() { ["retryAfterSeconds"] = seconds }),
            503 => new RefusalException(503, "ServiceUnavailable", "the server is currently unable to handle the request", seconds is null ? [] : new() { ["retryAfterSeconds"] = seconds }),
            504 => new RefusalException(504, "Timeout", "the server was unable to return a response in the time allotted"),
            _ => new RefusalException(fault.Code, "InternalError", "Internal error occurred: on demand"),
        };
    }

    private void Add(Fault fault)
    {
        lock (_change) _faults = _faults.Add(fault);
    }

    private Fault? Take(string method, string path)
    {
        lock (_change)
        {
            if (_faults.FirstOrDefault(fault => fault.Matching?.Invoke(method, path) ?? true) is not { } met) return null;
            _faults = met.Left > 1 ? _faults.Replace(met, met with { Left = met.Left - 1 }) : _faults.Remove(met);
            return met;
        }
    }

    private sealed record Fault(int Left, Func<string, string, bool>? Matching, int Code, TimeSpan? RetryAfter, TimeSpan? Wait);

    private sealed class Resume(Action resume) : IDisposable
    {
        public void Dispose() => resume();
    }
}
