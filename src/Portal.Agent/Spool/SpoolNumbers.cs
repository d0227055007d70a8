using System.Globalization;

namespace Portal.Agent.Spool;

/// <summary>Gives each sample its number, and never the same twice: numbers are reserved on the disk in blocks before the first of a block is given,
/// so that not even a power cut, which may take the latest samples, lets one be given again.</summary>
internal sealed class SpoolNumbers : IDisposable
{
    private const long Block = 1000;

    private readonly string _path;
    private long _reserved;

    private SpoolNumbers(string path, string id, long next, bool isNew) => (_path, Id, Next, _reserved, IsNew) = (path, id, next, next, isNew);

    /// <summary>Of this spool: when its directory is lost, another one begins.</summary>
    public string Id { get; }

    /// <summary>The next number.</summary>
    public long Next { get; private set; }

    /// <summary>Nothing was there: what else lies in the directory was numbered by another spool.</summary>
    public bool IsNew { get; }

    public static SpoolNumbers Load(string directory)
    {
        var path = Path.Combine(directory, "numbers");
        if (File.Exists(path) && File.ReadAllText(path).Split('\n') is [{ Length: > 0 } id, var text, ""]
            && long.TryParse(text, CultureInfo.InvariantCulture, out var reserved))
        {
            return new(path, id, reserved, false);
        }
        return new(path, Guid.NewGuid().ToString("N"), 1, true);
    }

    public long Take()
    {
        if (Next >= _reserved) Reserve(Next + Block);
        return Next++;
    }

    public void Dispose() => Reserve(Next);

    private void Reserve(long upTo)
    {
        using (var file = new FileStream(_path + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Id}\n{upTo}\n")));
            file.Flush(flushToDisk: true);
        }
        File.Move(_path + ".new", _path, overwrite: true);
        _reserved = upTo;
    }
}
