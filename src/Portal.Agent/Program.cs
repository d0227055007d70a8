using System.Runtime.InteropServices;
using System.Text.Json;
using Portal.Agent;
using Portal.Agent.Node;
using Portal.Agent.Programs;

// Prints this node's volume groups, as lvm reports them.
using var stop = new CancellationTokenSource();
using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});
try
{
    var report = await new LvmCli(ProgramRunner.Direct).ReadAsync(stop.Token);
    Console.WriteLine(JsonSerializer.Serialize(report.VolumeGroups, AgentJson.Default.ImmutableArrayLvmVolumeGroup));
    return 0;
}
catch (ProgramException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
