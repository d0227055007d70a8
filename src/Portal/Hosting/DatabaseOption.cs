using Portal.Database;

namespace Portal.Hosting;

/// <summary>The database that arguments, a file or the environment name. A connection string with a password stands in a file or a variable, as Kubernetes
/// hands out a Secret: what stands in a command line, everyone on the machine can read.</summary>
public static class DatabaseOption
{
    public const string Variable = "TOPOLVM_PORTAL_DATABASE";

    /// <param name="text">What <c>--database</c> says; null when it is not given.</param>
    /// <param name="file">What <c>--database-file</c> says; null when it is not given.</param>
    /// <param name="variable">What the environment says; null when it says nothing.</param>
    /// <returns>The database, null for the file in the data folder; or the sentence that says why what is given cannot be used.</returns>
    public static (DatabaseAddress? Address, string? Problem) Read(string? text, string? file, string? variable)
    {
        if (text is not null && file is not null) return (null, HostingTexts.DatabaseTwice("--database, --database-file"));
        if (text is not null) return Parse("--database", text, mayHoldPassword: false);
        if (file is null) return string.IsNullOrWhiteSpace(variable) ? (null, null) : Parse(Variable, variable, mayHoldPassword: true);
        try
        {
            return Parse("--database-file", File.ReadAllText(file), mayHoldPassword: true);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, HostingTexts.DatabaseFile(file, unreadable.Message));
        }
    }

    private static (DatabaseAddress? Address, string? Problem) Parse(string option, string text, bool mayHoldPassword)
    {
        try
        {
            if (!mayHoldPassword && DatabaseAddress.HoldsPassword(text.Trim())) return (null, HostingTexts.DatabasePassword(Variable));
            return (DatabaseAddress.Postgres(text.Trim()), null);
        }
        catch (ArgumentException unreadable)
        {
            return (null, HostingTexts.DatabaseUnreadable(option, unreadable.Message));
        }
    }
}
