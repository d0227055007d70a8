using System.Globalization;
using System.Numerics;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>What topolvm-scheduler answers to kube-scheduler: it compares a pod's annotations with those of the nodes.</summary>
internal static class TopoLvmExtender
{
    /// <summary>Null when the node has room for all that the pod asks for.</summary>
    public static string? WhyNot(TopoLvmNames names, KubeObject pod, KubeObject node)
    {
        foreach (var (className, asked) in Asked(names, pod))
        {
            if (!node.Metadata.Annotations.TryGetValue(names.CapacityAnnotationPrefix + className, out var text)) return "no capacity annotation";
            if (!ulong.TryParse(text, CultureInfo.InvariantCulture, out var capacity)) return $"bad capacity annotation: {text}";
            if (capacity < asked) return "out of VG free space";
        }
        return null;
    }

    /// <summary>0 to 10: the binary logarithm of the free GiB, the least of the classes that the pod asks for.</summary>
    public static int Score(TopoLvmNames names, KubeObject pod, KubeObject node) => Asked(names, pod).Select(one =>
    {
        var text = node.Metadata.Annotations.GetValueOrDefault(names.CapacityAnnotationPrefix + one.ClassName);
        return ulong.TryParse(text, CultureInfo.InvariantCulture, out var capacity) ? Math.Clamp(BitOperations.Log2((capacity >> 30) | 1), 0, 10) : 0;
    }).DefaultIfEmpty(0).Min();

    private static IEnumerable<(string ClassName, ulong Bytes)> Asked(TopoLvmNames names, KubeObject pod) => pod.Metadata.Annotations
        .Where(annotation => annotation.Key.StartsWith(names.CapacityAnnotationPrefix, StringComparison.Ordinal))
        .Select(annotation => (annotation.Key[names.CapacityAnnotationPrefix.Length..], ulong.TryParse(annotation.Value, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0));
}
