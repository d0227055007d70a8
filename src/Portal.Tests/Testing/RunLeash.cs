using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Portal.Tests.Testing;

/// <summary>Ends the tests when the run that started them was killed: the processes between the two do not.</summary>
internal static class RunLeash
{
    /// <summary>The pid of the run; set by test.sh.</summary>
    private const string Variable = "PORTAL_TEST_RUN";

    [ModuleInitializer]
    internal static void Follow()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var pid)) return;
        var run = Process.GetProcessById(pid);
        _ = Task.Run(async () =>
        {
            await run.WaitForExitAsync();
            Process.GetCurrentProcess().Kill();
        });
    }
}
