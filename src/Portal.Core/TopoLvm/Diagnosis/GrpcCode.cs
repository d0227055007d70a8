using System.Collections.Immutable;

namespace Portal.Core.TopoLvm.Diagnosis;

/// <summary>The status codes of gRPC that lvmd and topolvm-controller use: https://grpc.io/docs/guides/status-codes/.</summary>
internal static class GrpcCode
{
    public const int InvalidArgument = 3;
    public const int NotFound = 5;
    public const int AlreadyExists = 6;
    public const int ResourceExhausted = 8;
    public const int OutOfRange = 11;
    public const int Unimplemented = 12;
    public const int Internal = 13;

    private static readonly ImmutableDictionary<string, int> Named = new Dictionary<string, int>
    {
        ["InvalidArgument"] = InvalidArgument,
        ["NotFound"] = NotFound,
        ["AlreadyExists"] = AlreadyExists,
        ["ResourceExhausted"] = ResourceExhausted,
        ["OutOfRange"] = OutOfRange,
        ["Unimplemented"] = Unimplemented,
        ["Internal"] = Internal,
    }.ToImmutableDictionary();

    /// <summary>The number of a name as Go prints it; null for a name that TopoLVM does not use.</summary>
    public static int? Of(string name) => Named.TryGetValue(name, out var code) ? code : null;

    public static string NameOf(int code) => Named.FirstOrDefault(one => one.Value == code).Key ?? code.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
