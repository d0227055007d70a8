using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Core.Kubernetes.Kinds;

namespace Portal.Core.Kubernetes;

/// <summary>Serialisation of what the API sends: a new kind adds its line here. Unknown fields are skipped and cost no memory.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNameCaseInsensitive = false)]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(KubeObject))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(PersistentVolumeClaim))]
[JsonSerializable(typeof(PersistentVolume))]
[JsonSerializable(typeof(StorageClass))]
[JsonSerializable(typeof(CsiDriver))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(DaemonSet))]
[JsonSerializable(typeof(LogicalVolume))]
public sealed partial class KubeJson : JsonSerializerContext;
