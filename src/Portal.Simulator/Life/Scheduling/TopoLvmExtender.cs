using System.Globalization;
using Portal.Core.Kubernetes;
using Portal.Core.TopoLvm;

namespace Portal.Simulator.Life.Scheduling;

/// <summary>What topolvm-scheduler answers to kube-scheduler: it compares a pod's annotations with those of the nodes.</summary>
internal static class TopoLvmExtender
{
    // Where the score of a node with any space at all begins to be 1.
    private static readonly Version FloorOfOne = new(0, 23, 0);

    /// <summary>Null when the node has room for all that the pod asks for.</summary>
    public static string? WhyNot(TopoLvmNames names, KubeObject pod, KubeObject node)
    {
        foreach (var (className, asked) in Asked(names, pod))
        {
            if (!node.Metadata.Annotations.TryGetValue(names.CapacityAnnotationPrefix + className, out var text)) return "no capacity annotation";
            if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var capacity)) return $"bad capacity annotation: {text}";
            if (capacity < asked) return "out of VG free space";
        }
        return null;
    }

    /// <summary>0 to 10: the binary logarithm of the free GiB over the divisor, the least of the pod's classes that the node has at all.</summary>
    public static int Score(RunningExtender extender, KubeObject pod, KubeObject node) => Asked(extender.Names, pod)
        .Where(one => node.Metadata.Annotations.ContainsKey(extender.Names.CapacityAnnotationPrefix + one.ClassName))
        .Select(one => Score(extender, one.ClassName, node.Metadata.Annotations[extender.Names.CapacityAnnotationPrefix + one.ClassName])).DefaultIfEmpty(0).Min();

    private static int Score(RunningExtender extender, string className, string annotation)
    {
        var least = extender.Version >= FloorOfOne ? 1 : 0;
        if (!ulong.TryParse(annotation, NumberStyles.None, CultureInfo.InvariantCulture, out var capacity) || capacity == 0) return 0;
        if (capacity >> 30 == 0) return least;
        var logarithm = Math.Log2((capacity >> 30) / extender.Divisors.GetValueOrDefault(className, extender.DefaultDivisor));
        return logarithm >= least ? (int)Math.Min(10, logarithm) : least;
    }

    private static IEnumerable<(string ClassName, ulong Bytes)> Asked(TopoLvmNames names, KubeObject pod) => pod.Metadata.Annotations
        .Where(annotation => annotation.Key.StartsWith(names.CapacityAnnotationPrefix, StringComparison.Ordinal))
        .Select(annotation => (annotation.Key[names.CapacityAnnotationPrefix.Length..], ulong.TryParse(annotation.Value, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0));
}
