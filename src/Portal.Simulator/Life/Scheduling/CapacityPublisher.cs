using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;
using Portal.Simulator.Life.TopoLvm;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>csi-provisioner with --enable-capacity: one CSIStorageCapacity object for each StorageClass that waits for a consumer and each node with
/// the driver, holding what TopoLVM publishes on the node.</summary>
public sealed class CapacityPublisher(LifeContext context) : Controller("external-provisioner", context)
{
    private const string DriverLabel = "csi.storage.k8s.io/drivername";
    private const string OwnerLabel = "csi.storage.k8s.io/managed-by";

    // csi-provisioner 3.2 writes v1; TopoLVM 0.10 comes with 2.2.
    private static readonly Version FirstWithV1 = new(0, 16, 0);

    private protected override async Task ReconcileAsync(CancellationToken cancel)
    {
        foreach (var controller in RunningController.All(Objects).Where(controller => Publishes(controller)).ToArray())
        {
            var version = controller.Version < FirstWithV1 ? "v1beta1" : "v1";
            if (!Objects.IsServed(LifeKinds.Capacities(version))) continue;
            await AttemptAsync("capacities of " + controller.Names.Group, () => PublishAsync(controller, version, cancel));
        }
    }

    private bool Publishes(RunningController controller) => Objects.Pods.Values.Where(PodRules.IsReady)
        .Where(pod => RunningController.Of(pod)?.Names.Group == controller.Names.Group)
        .SelectMany(pod => pod.Json.Objects("spec", "containers"))
        .Any(container => RunningController.Executable(container) == "csi-provisioner" && container.Texts("command").Concat(container.Texts("args")).Any(word => word is "--enable-capacity" or "--enable-capacity=true"));

    private async Task PublishAsync(RunningController controller, string version, CancellationToken cancel)
    {
        var kind = LifeKinds.Capacities(version);
        var standing = Objects.Capacities(version).Values.Where(one => one.Metadata.Labels.GetValueOrDefault(DriverLabel) == controller.Names.Provisioner)
            .DistinctBy(KeyOf).ToDictionary(KeyOf);
        foreach (var storageClass in Objects.StorageClasses.Values.Where(one => one.Json.Text("provisioner") == controller.Names.Provisioner && one.Json.Text("volumeBindingMode") == "WaitForFirstConsumer"))
        {
            foreach (var node in Objects.CsiNodes.Values.Where(node => node.Json.Objects("spec", "drivers").Any(driver => driver.Text("name") == controller.Names.Provisioner)))
            {
                var capacity = CapacityOf(controller.Names, storageClass, node.Name);
                if (!standing.Remove((storageClass.Name, node.Name), out var found))
                    await Client.CreateAsync(kind, Document(controller, kind, storageClass.Name, node.Name, capacity), Writes, cancel);
                else if (found.Json.Text("capacity") != capacity)
                    await Client.PatchAsync(kind, found.Metadata.ObjectName, Patch.Merge(new JsonObject { ["capacity"] = capacity }.ToJsonString()), Writes, cancel);
            }
        }
        foreach (var stale in standing.Values) await Client.DeleteAsync(kind, stale.Metadata.ObjectName, new DeleteOptions { Uid = stale.Metadata.Uid }, cancel);
    }

    private static (string StorageClass, string Node) KeyOf(KubeObject capacity) =>
        (capacity.Json.Text("storageClassName"), capacity.Json["nodeTopology"].Entries("matchLabels").Select(label => label.Value).FirstOrDefault(""));

    private string CapacityOf(TopoLvmNames names, KubeObject storageClass, string node)
    {
        var deviceClass = storageClass.Json.Text("parameters", names.DeviceClassParameter) is { Length: > 0 } named ? named : TopoLvmNames.DefaultClass;
        var free = Objects.Nodes.GetValueOrDefault(new(null, node))?.Metadata.Annotations.GetValueOrDefault(names.CapacityAnnotationPrefix + deviceClass);
        return Sizes.Text(long.TryParse(free, System.Globalization.CultureInfo.InvariantCulture, out var bytes) ? bytes : 0);
    }

    private static KubeObject Document(RunningController controller, KubeKind kind, string storageClass, string node, string capacity) => new(new JsonObject
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["metadata"] = new JsonObject
        {
            ["namespace"] = controller.Namespace,
            // By a fixed name, so that an object the copy does not show yet is not made twice.
            ["name"] = "csisc-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{controller.Names.Provisioner} {storageClass} {node}")))[..10],
            ["labels"] = new JsonObject { [DriverLabel] = controller.Names.Provisioner, [OwnerLabel] = "external-provisioner" },
        },
        ["nodeTopology"] = new JsonObject { ["matchLabels"] = new JsonObject { [controller.Names.TopologyLabel] = node } },
        ["storageClassName"] = storageClass,
        ["capacity"] = capacity,
    });
}
