using System.Runtime.InteropServices;
using System.Text.Json;
using Portal.Agent;

// Prints this node's volume groups, as lvm reports them.
using var stop = new CancellationTokenSource();
using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
try
{
    Console.WriteLine(JsonSerializer.Serialize(await new LvmCli().VolumeGroupsAsync(stop.Token), AgentJson.Default.ImmutableArrayLvmVolumeGroup));
    return 0;
}
catch (LvmException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
